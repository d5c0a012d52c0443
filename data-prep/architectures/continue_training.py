"""Hands a compressed network over to PyTorch, trains it there and brings it back as ONNX.

    python continue_training.py ORIGINAL.onnx RESULT/model.onnx TRAINED.onnx

Tells, and fails where it is not so, that PyTorch computes what ONNX Runtime does, before and after,
and that some steps towards the outputs of the original lead there. The images are seeded noise: for
real training put your own and your loss in their place.
"""

import argparse

import numpy as np
import onnx
import onnx2torch
import onnxruntime
import torch

STEPS = 20
IMAGES = 16
MOST_ERROR = 1e-4


def session(path):
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def run(path, images):
    network = session(path)
    return network.run(None, {network.get_inputs()[0].name: images.numpy()})[0]


def check(what, expected, actual):
    error = np.linalg.norm(expected - actual) / np.linalg.norm(expected)
    if not error < MOST_ERROR:
        raise SystemExit(f"continue_training: error: {what}: {error:.1e} apart")
    print(f"{what}: {error:.1e} apart")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("original", "compressed", "trained"):
        parser.add_argument(name)
    options = parser.parse_args()

    image = session(options.compressed).get_inputs()[0]
    torch.manual_seed(1)
    images = torch.randn(IMAGES, *image.shape[1:])
    target = torch.from_numpy(run(options.original, images))

    network = onnx2torch.convert(onnx.load(options.compressed)).eval()
    with torch.no_grad():
        check("compressed", run(options.compressed, images), network(images).numpy())

    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(images), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if not losses[-1] < losses[0]:
        raise SystemExit(f"continue_training: error: the loss went from {losses[0]} to {losses[-1]}")
    print(f"loss: {losses[0]:.3g} to {losses[-1]:.3g} in {STEPS} steps")

    torch.onnx.export(
        network,
        (images,),
        options.trained,
        input_names=[image.name],
        dynamic_shapes=({0: torch.export.Dim("N")},),
    )
    with torch.no_grad():
        check("trained", run(options.trained, images), network(images).numpy())


if __name__ == "__main__":
    main()
