"""Exports architectures of torchvision and timm with both of PyTorch's exporters.

Weights are random and seeded. Each network is written twice: NAME-script.onnx by the exporter that
traces to TorchScript, NAME-dynamo.onnx by the one built on torch.export. The number of images is
open in both. The statistics of every normalisation are those of a few random images, so that
activations keep their size through the network. A line of exports.json says how each export went.

    python export_networks.py [--list-zoo] OUTPUT_FOLDER [NAME ...]

With --list-zoo nothing is exported; what has been is printed as the models of a zoo.
"""

import argparse
import json
import logging
import pathlib
import time
import warnings

import torch
from torch import nn

from networks import NETWORKS

IMAGES = 4

# The newest that onnx2torch reads nearly all of; the other exporter has its own least.
SCRIPT_OPSET = 17
EXPORTERS = {"script": False, "dynamo": True}


def calibrated(maker, size, seed):
    torch.manual_seed(seed)
    network = maker()
    training = {name: module.training for name, module in network.named_modules()}
    images = torch.randn(16, 3, size, size)
    network.eval()
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.train()
            module.momentum = None
            module.reset_running_stats()
            if module.weight is not None and not module.weight.any():
                # Training starts from branches of zeros; no trained network has them.
                nn.init.ones_(module.weight)
    with torch.no_grad():
        network(images)
    for name, module in network.named_modules():
        # What its maker left in training, such as auxiliary heads, is meant to be computed.
        module.training = training[name] and not all(training.values())
    return network


def export(network, size, path, dynamo):
    images = torch.randn(IMAGES, 3, size, size)
    if dynamo:
        torch.onnx.export(
            network,
            (images,),
            path,
            dynamo=True,
            verbose=False,
            external_data=False,
            input_names=["images"],
            dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
        )
        return
    with torch.no_grad():
        outputs = network(images)
    count = len(outputs) if isinstance(outputs, tuple) else 1
    names = [f"output{k}" for k in range(count)]
    torch.onnx.export(
        network,
        (images,),
        path,
        dynamo=False,
        opset_version=SCRIPT_OPSET,
        input_names=["images"],
        output_names=names,
        training=torch.onnx.TrainingMode.PRESERVE,
        dynamic_axes={name: {0: "batch"} for name in ["images", *names]},
    )


def list_zoo(folder, names):
    for name in names:
        size = NETWORKS[name][1]
        for exporter in EXPORTERS:
            path = (folder / f"{name}-{exporter}.onnx").resolve()
            if path.exists():
                print(f"  - model: {path}")
                print(f"    input-size: {size}x{size}")
                print(f"    preprocessing: torchvision,resize=exact:{size}x{size},crop=none")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("networks", nargs="*")
    parser.add_argument("--list-zoo", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    names = arguments.networks or list(NETWORKS)
    for name in names:
        if name not in NETWORKS:
            parser.error(f"{name} is none of {', '.join(NETWORKS)}")
    if arguments.list_zoo:
        list_zoo(arguments.output, names)
        return
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in names:
        maker, size = NETWORKS[name]
        for exporter, dynamo in EXPORTERS.items():
            path = arguments.output / f"{name}-{exporter}.onnx"
            if path.exists():
                continue
            begin = time.monotonic()
            error = ""
            try:
                export(calibrated(maker, size, arguments.seed), size, path, dynamo)
            except Exception as failure:  # whatever an exporter throws is a row of the table
                error = f"{type(failure).__name__}: {failure}".splitlines()[0][:200]
                path.unlink(missing_ok=True)
            line = {
                "network": name,
                "exporter": exporter,
                "size": size,
                "seconds": round(time.monotonic() - begin, 1),
                "error": error,
            }
            with open(arguments.output / "exports.json", "a", encoding="utf-8") as lines:
                lines.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
