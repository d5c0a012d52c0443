"""Train the sample network on Fashion-MNIST and export it to ONNX.

    python3 train_sample.py --data /usr/share/datasets/fashion-mnist

Only the training images are read: the schedule is fixed in advance, so the
test images take part in no choice and stay an honest measure.
"""

import argparse
import inspect
import random
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from fashion_mnist import CLASSES, SEED, SIDE, network_input, read_split

BATCH = 128
PEAK_LEARNING_RATE = 0.1
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
OPSET = 17


def main() -> None:
    options = parse_options()
    make_repeatable(options.threads)
    images, labels = read_split(options.data, "train")
    network = build_network()
    train(network, torch.from_numpy(network_input(images)), torch.from_numpy(labels), options.epochs)
    export(network, options.output)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the idx files, gzipped or plain")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("model.onnx"))
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2, help="another count rounds differently: other weights")
    return parser.parse_args()


def make_repeatable(threads: int) -> None:
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    # Sums split over another number of threads round differently.
    torch.set_num_threads(threads)


def build_network() -> nn.Sequential:
    """A small VGG, wider than ten kinds of clothing need, so that there is something to take away."""
    features = nn.Sequential(
        *convolution(3, 32),
        *convolution(32, 32),
        nn.MaxPool2d(2),
        *convolution(32, 64),
        *convolution(64, 64),
        nn.MaxPool2d(2),
        *convolution(64, 96),
        *convolution(96, 96),
        nn.MaxPool2d(2),
        nn.Flatten(),
    )
    halved_three_times = SIDE // 2 // 2 // 2
    classifier = nn.Sequential(
        nn.Linear(96 * halved_three_times**2, 256),
        nn.ReLU(),
        nn.Linear(256, len(CLASSES)),
    )
    return nn.Sequential(OrderedDict(features=features, classifier=classifier))


def convolution(inputs: int, outputs: int) -> list[nn.Module]:
    # The normalisation that follows has a shift of its own, which makes a bias redundant.
    return [
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


def train(network: nn.Module, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> None:
    # Channels last is the faster layout for convolutions on a CPU.
    network.train().to(memory_format=torch.channels_last)
    images = images.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(
        network.parameters(),
        lr=PEAK_LEARNING_RATE,
        momentum=MOMENTUM,
        weight_decay=WEIGHT_DECAY,
        nesterov=True,
    )
    # The last, incomplete batch is dropped: its statistics would be the noisiest.
    steps = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_LEARNING_RATE, total_steps=epochs * steps)
    loss_of = nn.CrossEntropyLoss()
    for epoch in range(1, epochs + 1):
        started = time.monotonic()
        total = 0.0
        for chosen in torch.randperm(len(images))[: steps * BATCH].split(BATCH):
            loss = loss_of(network(mirror_some(images[chosen])), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch} of {epochs}: loss {total / steps:.4f}, {time.monotonic() - started:.0f} s", flush=True)


def mirror_some(images: torch.Tensor) -> torch.Tensor:
    mirrored = torch.rand(len(images), 1, 1, 1) < 0.5
    return torch.where(mirrored, images.flip(-1), images)


def export(network: nn.Module, output: Path) -> None:
    settings = {
        "opset_version": OPSET,
        "input_names": ["image"],
        "output_names": ["logits"],
        "dynamic_axes": {"image": {0: "batch"}, "logits": {0: "batch"}},
        # Exporting for inference would fold each normalisation into its convolution;
        # folding is the job's work, and the sample has to give it that work.
        "training": torch.onnx.TrainingMode.PRESERVE,
        "do_constant_folding": False,
    }
    # Newer releases default to another exporter, which folds on its own.
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        settings["dynamo"] = False
    network.eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(network, torch.zeros(1, 3, SIDE, SIDE), str(output), **settings)


if __name__ == "__main__":
    main()
