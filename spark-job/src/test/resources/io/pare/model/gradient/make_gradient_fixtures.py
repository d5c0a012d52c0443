"""Makes the gradient fixtures beside this script: what PyTorch's autograd says of small networks.

Run with Python 3, PyTorch 2.6 or later and onnx 1.17 or later:  python make_gradient_fixtures.py

NAME.onnx            a network with seeded random weights, by PyTorch's exporter
NAME.gradients.onnx  a graph of constants alone: images, the target of the output, the loss, and the
                     gradient of every parameter, "gradient:" before its name

The loss is sum (y - t)^2 / sum t^2; of the network "scores" the mean over images of
KL(softmax(t) || softmax(y)).
"""

import pathlib

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
IMAGES = 2
SIDE = 8


class Branches(nn.Module):
    """Each function behind a convolution of its own, so that each has gradients of its own."""

    def __init__(self, functions, channels=2):
        super().__init__()
        self.functions = functions
        self.stems = nn.ModuleDict({name: nn.Conv2d(3, channels, 3) for name in functions})
        # Their parameters are the network's too.
        self.inner = nn.ModuleDict(
            {name: f for name, f in functions.items() if isinstance(f, nn.Module)}
        )

    def forward(self, images):
        outputs = [f(self.stems[name](images)) for name, f in self.functions.items()]
        return torch.cat([output.flatten(1) for output in outputs], 1)


class Scale(nn.Module):
    """Squeeze and excite."""

    def __init__(self):
        super().__init__()
        self.squeeze = nn.Linear(4, 2)
        self.excite = nn.Linear(2, 4)

    def forward(self, maps):
        mean = maps.mean((2, 3))
        gates = torch.sigmoid(self.excite(torch.relu(self.squeeze(mean))))
        return maps * gates.reshape(-1, 4, 1, 1)


class Attention(nn.Module):
    """With weights that products take as they are: the exporter would rename turned ones."""

    def __init__(self):
        super().__init__()
        self.query = nn.Parameter(torch.randn(4, 4))
        self.key = nn.Parameter(torch.randn(4, 4))
        self.value = nn.Parameter(torch.randn(4, 4))

    def forward(self, maps):
        tokens = maps.flatten(2).transpose(1, 2)
        shares = torch.softmax((tokens @ self.query) @ (tokens @ self.key).transpose(1, 2) / 2, -1)
        return shares @ (tokens @ self.value)


class Responses(torch.autograd.Function):
    """PyTorch's local response normalisation as the one node that ONNX has for it."""

    @staticmethod
    def forward(ctx, maps):
        ctx.save_for_backward(maps)
        return F.local_response_norm(maps, 3, alpha=0.5)

    @staticmethod
    def backward(ctx, slope):
        (maps,) = ctx.saved_tensors
        with torch.enable_grad():
            again = maps.detach().requires_grad_()
            return torch.autograd.grad(F.local_response_norm(again, 3, alpha=0.5), again, slope)

    @staticmethod
    def symbolic(graph, maps):
        return graph.op("LRN", maps, size_i=3, alpha_f=0.5, beta_f=0.75, bias_f=1.0)


def swapped(maps):
    first, second = torch.split(maps, [1, 3], 1)
    return torch.cat([second[:, ::2], first * 2, second[:, 1:]], 1)


def picked(maps):
    return maps.index_select(1, torch.tensor([3, 0, 0]))


NETWORKS = {
    "convolutions": lambda: Branches(
        {
            "plain": nn.Conv2d(4, 6, 3, padding=1),
            "strided": nn.Conv2d(4, 6, 3, stride=2, padding=1),
            "dilated": nn.Conv2d(4, 6, 2, dilation=2),
            "grouped": nn.Conv2d(4, 6, 3, groups=2),
            "depthwise": nn.Conv2d(4, 8, 3, groups=4, padding=1),
            "oblong": nn.Conv2d(4, 3, (1, 5), padding=(0, 2)),
            "transposed": nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1),
            "transposed_grouped": nn.ConvTranspose2d(4, 4, 2, groups=2),
        },
        4,
    ),
    "activations": lambda: Branches(
        {
            "relu": torch.relu,
            "relu6": nn.ReLU6(),
            "leaky": nn.LeakyReLU(0.1),
            "prelu": nn.PReLU(2),
            "elu": nn.ELU(0.7),
            "selu": nn.SELU(),
            "celu": nn.CELU(1.3),
            "sigmoid": torch.sigmoid,
            "hardsigmoid": nn.Hardsigmoid(),
            "tanh": torch.tanh,
            "silu": nn.SiLU(),
            "hardswish": nn.Hardswish(),
            "mish": nn.Mish(),
            "gelu": nn.GELU(),
            "gelu_tanh": nn.GELU(approximate="tanh"),
            "softplus": nn.Softplus(),
        }
    ),
    "pools": lambda: Branches(
        {
            "max": nn.MaxPool2d(2),
            "max_overlapping": nn.MaxPool2d(3, stride=1, padding=1),
            "average": nn.AvgPool2d(2),
            "average_padded": nn.AvgPool2d(3, stride=2, padding=1),
            "average_inside": nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
            "overall": nn.AdaptiveAvgPool2d(1),
        }
    ),
    "rearrangements": lambda: Branches(
        {
            "swapped": swapped,
            "picked": picked,
            "padded": lambda maps: F.pad(maps, (1, 2, 0, 1)) * 3,
            "turned": lambda maps: maps.permute(0, 2, 3, 1).reshape(-1, 12, 12) ** 2,
            "doubled": lambda maps: F.interpolate(maps, scale_factor=2.0, mode="nearest"),
            "smooth": lambda maps: F.interpolate(
                maps, scale_factor=2.0, mode="bilinear", align_corners=False
            ),
        },
        4,
    ),
    "arithmetic": lambda: Branches(
        {
            "normalised": nn.BatchNorm2d(4),
            "responses": Responses.apply,
            "scaled": Scale(),
            "attention": Attention(),
            "softmax": lambda maps: torch.softmax(maps, 1),
            "quotient": lambda maps: (maps - 1) / (2 + maps.abs()),
            "root": lambda maps: torch.sqrt(1 + maps * maps) - torch.exp(-maps),
            "mean": lambda maps: maps * maps.mean((2, 3), keepdim=True),
        },
        4,
    ),
    "scores": lambda: nn.Sequential(
        nn.Conv2d(3, 6, 3, stride=2),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 8),
        nn.Tanh(),
        nn.Linear(8, 5),
    ),
}


def loss(name, output, target):
    if name == "scores":
        wanted = torch.log_softmax(target, 1)
        return (wanted.exp() * (wanted - torch.log_softmax(output, 1))).sum(1).mean()
    return ((output - target) ** 2).sum() / (target**2).sum()


def make(name, seed):
    torch.manual_seed(seed)
    network = NETWORKS[name]().eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -1, 1)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 2)
    images = torch.randn(IMAGES, 3, SIDE, SIDE)
    output = network(images)
    target = (output * (0.5 + torch.rand_like(output))).detach()
    error = loss(name, output, target)
    error.backward()
    values = {"images": images, "target": target, "loss": error.detach()}
    gradients = {f"gradient:{key}": p.grad for key, p in network.named_parameters()}
    constants = [
        numpy_helper.from_array(tensor.numpy(), key)
        for key, tensor in {**values, **gradients}.items()
    ]
    graph = onnx.helper.make_graph([], name, [], [], constants)
    onnx.save(onnx.helper.make_model(graph), HERE / f"{name}.gradients.onnx")
    torch.onnx.export(
        network,
        (images,),
        str(HERE / f"{name}.onnx"),
        dynamo=False,
        opset_version=17,
        # Sizes that Resize is told are constants then; weights that are turned get other names.
        do_constant_folding=name == "rearrangements",
        training=torch.onnx.TrainingMode.PRESERVE,
        input_names=["images"],
        output_names=["output"],
        dynamic_axes={"images": {0: "batch"}, "output": {0: "batch"}},
    )
    names = {tensor.name for tensor in onnx.load(HERE / f"{name}.onnx").graph.initializer}
    for key, _ in network.named_parameters():
        if key not in names:
            raise ValueError(f"{name}: the exporter has renamed {key}: {sorted(names)}")


for seed, name in enumerate(NETWORKS):
    make(name, seed)
