"""Times a step of learning in PyTorch beside ONNX Runtime's forward pass.

    python time_steps.py NETWORK.onnx --images 16 --threads 1

The step is a forward pass, the divergence of the scores from a target, and the gradients of all
weights. GradientStepBench times Pare's own step against the same forward pass, so that the two
ratios can be held against each other.
"""

import argparse
import statistics
import time

import onnx
import onnx2torch
import onnxruntime
import torch

ROUNDS = 9


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network")
    parser.add_argument("--images", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(
        options.network, settings, providers=["CPUExecutionProvider"]
    )
    image = session.get_inputs()[0]
    torch.manual_seed(1)
    images = torch.randn(options.images, *image.shape[1:])
    target = torch.from_numpy(session.run(None, {image.name: images.numpy()})[0])
    network = onnx2torch.convert(onnx.load(options.network)).eval()
    weights = [weight.requires_grad_() for weight in network.parameters()]

    def step():
        scores = torch.log_softmax(network(images).flatten(1), 1)
        loss = torch.nn.functional.kl_div(
            scores, torch.log_softmax(target.flatten(1), 1), reduction="batchmean", log_target=True
        )
        torch.autograd.grad(loss, weights)

    timed = {
        "forward, ONNX Runtime": lambda: session.run(None, {image.name: images.numpy()}),
        "step, PyTorch": step,
    }
    seconds = {name: [] for name in timed}
    for turn in range(ROUNDS + 1):
        for name, run in timed.items():
            begin = time.perf_counter()
            run()
            if turn > 0:
                seconds[name].append(time.perf_counter() - begin)
    forward, step = (statistics.median(times) for times in seconds.values())
    print(
        f"{options.network}, {options.images} images, {options.threads} threads: forward pass in"
        f" ONNX Runtime {forward:.3f} s, step in PyTorch {step:.3f} s, step / forward"
        f" {step / forward:.2f}"
    )


if __name__ == "__main__":
    main()
