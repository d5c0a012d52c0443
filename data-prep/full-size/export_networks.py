"""Writes VGG-16, AlexNet and GoogLeNet at full size (224 x 224, 1,000 classes) as ONNX files.

The definitions follow the papers and Caffe's published networks: VGG-16 (Simonyan and Zisserman,
configuration D), AlexNet with two groups and local response normalization, GoogLeNet with nine
inception modules and without its auxiliary heads. Weights are random, seeded and scaled after He,
so that activations keep their size through the network: good for cost, time and memory, not for
accuracy. The convolutions of VGG-16 may come from a trained file.

    python export_networks.py OUTPUT_FOLDER [vgg16 alexnet googlenet] [--vgg16-convolutions FILE]
"""

import argparse
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

INCEPTIONS = {
    # module: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class Graph:
    """A network under construction; every method returns the tensor that it adds."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes = []
        self.initializers = []

    def node(self, operator, inputs, name, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def weights(self, name, shape, fan_in):
        values = self.random.standard_normal(shape, dtype=np.float32)
        values *= np.float32(np.sqrt(2 / fan_in))
        self.initializers.append(numpy_helper.from_array(values, name + "_w"))
        self.initializers.append(
            numpy_helper.from_array(np.zeros(shape[0], np.float32), name + "_b")
        )

    def convolution(self, x, name, channels, kernel, stride=1, pad=0, groups=1):
        inputs, outputs = channels
        fan_in = inputs // groups * kernel * kernel
        self.weights(name, (outputs, inputs // groups, kernel, kernel), fan_in)
        y = self.node(
            "Conv",
            [x, name + "_w", name + "_b"],
            name,
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[pad] * 4,
            group=groups,
        )
        return self.node("Relu", [y], name + "_relu")

    def fully_connected(self, x, name, inputs, outputs):
        self.weights(name, (outputs, inputs), inputs)
        return self.node("Gemm", [x, name + "_w", name + "_b"], name, transB=1)

    def pool(self, x, name, kernel, stride, pad=0, ceil=0):
        return self.node(
            "MaxPool",
            [x],
            name,
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[pad] * 4,
            ceil_mode=ceil,
        )

    def normalization(self, x, name):
        return self.node("LRN", [x], name, size=5, alpha=1e-4, beta=0.75, bias=1.0)

    def model(self, output, name):
        tensor = lambda n, dims: helper.make_tensor_value_info(n, TensorProto.FLOAT, dims)
        graph = helper.make_graph(
            self.nodes,
            name,
            [tensor("input", ["N", 3, 224, 224])],
            [tensor(output, ["N", 1000])],
            self.initializers,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model


def classifier(graph, x, inputs):
    """The three fully connected layers of VGG-16 and AlexNet."""
    x = graph.node("Flatten", [x], "flatten", axis=1)
    x = graph.node("Relu", [graph.fully_connected(x, "fc6", inputs, 4096)], "fc6_relu")
    x = graph.node("Relu", [graph.fully_connected(x, "fc7", 4096, 4096)], "fc7_relu")
    return graph.fully_connected(x, "fc8", 4096, 1000)


def vgg16(graph):
    x, inputs = "input", 3
    for block, (outputs, layers) in enumerate(
        [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)], start=1
    ):
        for layer in range(1, layers + 1):
            x = graph.convolution(x, f"conv{block}_{layer}", (inputs, outputs), 3, pad=1)
            inputs = outputs
        x = graph.pool(x, f"pool{block}", 2, 2)
    return classifier(graph, x, 512 * 7 * 7)


def alexnet(graph):
    # 224 x 224 with padding 2 gives the 55 x 55 of Caffe's 227 x 227 without it.
    x = graph.convolution("input", "conv1", (3, 96), 11, stride=4, pad=2)
    x = graph.pool(graph.normalization(x, "norm1"), "pool1", 3, 2)
    x = graph.convolution(x, "conv2", (96, 256), 5, pad=2, groups=2)
    x = graph.pool(graph.normalization(x, "norm2"), "pool2", 3, 2)
    x = graph.convolution(x, "conv3", (256, 384), 3, pad=1)
    x = graph.convolution(x, "conv4", (384, 384), 3, pad=1, groups=2)
    x = graph.convolution(x, "conv5", (384, 256), 3, pad=1, groups=2)
    return classifier(graph, graph.pool(x, "pool5", 3, 2), 256 * 6 * 6)


def inception(graph, x, name, inputs, sizes):
    one, reduce3, three, reduce5, five, projection = sizes
    name = "inception_" + name + "_"
    branches = [graph.convolution(x, name + "1x1", (inputs, one), 1)]
    y = graph.convolution(x, name + "3x3_reduce", (inputs, reduce3), 1)
    branches.append(graph.convolution(y, name + "3x3", (reduce3, three), 3, pad=1))
    y = graph.convolution(x, name + "5x5_reduce", (inputs, reduce5), 1)
    branches.append(graph.convolution(y, name + "5x5", (reduce5, five), 5, pad=2))
    y = graph.pool(x, name + "pool", 3, 1, pad=1)
    branches.append(graph.convolution(y, name + "pool_proj", (inputs, projection), 1))
    return graph.node("Concat", branches, name + "output", axis=1), one + three + five + projection


def googlenet(graph):
    x = graph.convolution("input", "conv1", (3, 64), 7, stride=2, pad=3)
    x = graph.normalization(graph.pool(x, "pool1", 3, 2, ceil=1), "norm1")
    x = graph.convolution(x, "conv2_reduce", (64, 64), 1)
    x = graph.normalization(graph.convolution(x, "conv2", (64, 192), 3, pad=1), "norm2")
    x = graph.pool(x, "pool2", 3, 2, ceil=1)
    inputs = 192
    for module, sizes in INCEPTIONS.items():
        x, inputs = inception(graph, x, module, inputs, sizes)
        if module in ("3b", "4e"):
            x = graph.pool(x, f"pool{module[0]}", 3, 2, ceil=1)
    x = graph.node("GlobalAveragePool", [x], "pool5")
    x = graph.node("Flatten", [x], "flatten", axis=1)
    return graph.fully_connected(x, "classifier", inputs, 1000)


def with_trained_convolutions(model, source):
    """Takes weights and biases of the convolutions, in order, from another file."""
    values = {t.name: t for t in source.graph.initializer}
    targets = {t.name: t for t in model.graph.initializer}
    pairs = zip(
        (n for n in model.graph.node if n.op_type == "Conv"),
        (n for n in source.graph.node if n.op_type == "Conv"),
    )
    for ours, theirs in pairs:
        for target, value in zip(ours.input[1:], theirs.input[1:]):
            if list(targets[target].dims) != list(values[value].dims):
                raise SystemExit(f"{value} does not have the shape of {target}")
            targets[target].CopyFrom(values[value])
            targets[target].name = target
    return model


NETWORKS = {"vgg16": vgg16, "alexnet": alexnet, "googlenet": googlenet}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--vgg16-convolutions", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.networks:
        if name not in NETWORKS:
            parser.error(f"{name} is none of {', '.join(NETWORKS)}")
        graph = Graph(arguments.seed)
        model = graph.model(NETWORKS[name](graph), name)
        if name == "vgg16" and arguments.vgg16_convolutions:
            model = with_trained_convolutions(model, onnx.load(arguments.vgg16_convolutions))
        weights = sum(int(np.prod(t.dims)) for t in model.graph.initializer)
        path = arguments.output / f"{name}.onnx"
        onnx.save(model, path)
        print(f"{path}: {weights:,} parameters, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
