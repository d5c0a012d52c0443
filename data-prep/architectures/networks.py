"""The architectures of torchvision and timm that the table of architectures covers.

Every entry takes one batch of images and gives one tensor or several. Sizes are small: what is
tried is the graph that an exporter makes of a network, not its accuracy.
"""

import timm
import torch
import torchvision
from torch import nn
from torch.nn import functional

VISION = torchvision.models


class Listed(nn.Module):
    """A network whose outputs come as a dictionary or a named tuple, as a plain tuple."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        outputs = self.network(images)
        if isinstance(outputs, dict):
            outputs = outputs.values()
        return tuple(output for output in outputs if output is not None)


class Heads(nn.Module):
    """The trunk and the heads of a detector, without the search for boxes behind them."""

    def __init__(self, detector):
        super().__init__()
        self.backbone = detector.backbone
        self.head = detector.head

    def forward(self, images):
        return tuple(self.head(list(self.backbone(images).values())).values())


class Still(nn.Module):
    """A network for videos that sees one image, moved by a pixel from frame to frame."""

    def __init__(self, network, frames):
        super().__init__()
        self.network = network
        self.frames = frames

    def forward(self, images):
        frames = [functional.pad(images, (k, 0, 0, 0))[..., : images.shape[-1]] for k in range(self.frames)]
        return self.network(torch.stack(frames, 2))


class UNet(nn.Module):
    """Two steps down and up, with a transposed convolution at each step up."""

    def __init__(self, width=32, classes=5):
        super().__init__()
        self.down = nn.ModuleList([self.block(3, width), self.block(width, 2 * width)])
        self.bottom = self.block(2 * width, 4 * width)
        self.up = nn.ModuleList(
            [nn.ConvTranspose2d(4 * width, 2 * width, 2, 2), nn.ConvTranspose2d(2 * width, width, 2, 2)]
        )
        self.joined = nn.ModuleList([self.block(4 * width, 2 * width), self.block(2 * width, width)])
        self.head = nn.Conv2d(width, classes, 1)

    @staticmethod
    def block(inputs, outputs):
        layers = []
        for channels in (inputs, outputs):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
        return nn.Sequential(*layers)

    def forward(self, x):
        kept = []
        for block in self.down:
            kept.append(block(x))
            x = functional.max_pool2d(kept[-1], 2)
        x = self.bottom(x)
        for up, joined in zip(self.up, self.joined):
            x = joined(torch.cat([kept.pop(), up(x)], 1))
        return self.head(x)


class Waves(nn.Module):
    """Convolutions over one axis: the rows of an image, one after the other."""

    def __init__(self, width=64):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(3, width, 9, stride=4, padding=4),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, padding=2),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Conv1d(width, 2 * width, 3, stride=2, padding=1),
            nn.GELU(),
        )
        self.head = nn.Linear(2 * width, 10)

    def forward(self, images):
        return self.head(self.layers(images.flatten(2)).mean(2))


def googlenet_with_heads():
    network = VISION.googlenet(weights=None, aux_logits=True, init_weights=False).eval()
    # Only the outermost module says whether the auxiliary heads are computed.
    network.training = True
    return Listed(network)


def vision(name, **options):
    return lambda: VISION.get_model(name, weights=None, **options)


def image_models(name, **options):
    return lambda: timm.create_model(name, pretrained=False, **options)


def segmenter(name):
    return lambda: Listed(VISION.get_model(name, weights=None, weights_backbone=None))


def detector(name, part):
    return lambda: part(VISION.get_model(name, weights=None, weights_backbone=None))


# name: (maker, rows and columns of the image)
NETWORKS = {
    "resnet18": (vision("resnet18"), 64),
    "resnet50": (vision("resnet50"), 64),
    "resnext50_32x4d": (vision("resnext50_32x4d"), 64),
    "wide_resnet50_2": (vision("wide_resnet50_2"), 64),
    "densenet121": (vision("densenet121"), 64),
    "squeezenet1_1": (vision("squeezenet1_1"), 64),
    "mobilenet_v2": (vision("mobilenet_v2"), 64),
    "mobilenet_v3_small": (vision("mobilenet_v3_small"), 64),
    "mobilenet_v3_large": (vision("mobilenet_v3_large"), 64),
    "efficientnet_b0": (vision("efficientnet_b0"), 64),
    "mnasnet1_0": (vision("mnasnet1_0"), 64),
    "shufflenet_v2_x1_0": (vision("shufflenet_v2_x1_0"), 64),
    "regnet_x_400mf": (vision("regnet_x_400mf"), 64),
    "regnet_y_400mf": (vision("regnet_y_400mf"), 64),
    "googlenet": (vision("googlenet", aux_logits=False, init_weights=False), 64),
    "googlenet_heads": (googlenet_with_heads, 64),
    "inception_v3": (vision("inception_v3", init_weights=False, aux_logits=False), 96),
    "convnext_tiny": (vision("convnext_tiny"), 64),
    "swin_t": (vision("swin_t"), 64),
    "vit_tiny": (image_models("vit_tiny_patch16_224", img_size=64), 64),
    "vit_b_16": (vision("vit_b_16", image_size=64), 64),
    "mixer_s16": (image_models("mixer_s16_224", img_size=64), 64),
    "mobilevit_xs": (image_models("mobilevit_xs"), 64),
    "edgenext_x_small": (image_models("edgenext_x_small"), 64),
    "ghostnet_100": (image_models("ghostnet_100"), 64),
    "mobilenetv4_conv_small": (image_models("mobilenetv4_conv_small"), 64),
    "tf_efficientnet_lite0": (image_models("tf_efficientnet_lite0"), 64),
    "res2net50_26w_4s": (image_models("res2net50_26w_4s"), 64),
    "repvgg_a0": (image_models("repvgg_a0"), 64),
    "dla34": (image_models("dla34"), 64),
    "hrnet_w18_small": (image_models("hrnet_w18_small"), 64),
    "ese_vovnet19b_dw": (image_models("ese_vovnet19b_dw"), 64),
    "cspdarknet53": (image_models("cspdarknet53"), 64),
    "poolformer_s12": (image_models("poolformer_s12"), 64),
    "fcn_resnet50": (segmenter("fcn_resnet50"), 64),
    "deeplabv3_mobilenet": (segmenter("deeplabv3_mobilenet_v3_large"), 64),
    "lraspp_mobilenet": (segmenter("lraspp_mobilenet_v3_large"), 64),
    "retinanet": (detector("retinanet_resnet50_fpn", Heads), 64),
    "ssdlite_heads": (detector("ssdlite320_mobilenet_v3_large", Heads), 64),
    "fasterrcnn_backbone": (detector("fasterrcnn_mobilenet_v3_large_fpn", lambda net: Listed(net.backbone)), 64),
    "unet": (UNet, 64),
    "r3d_18": (lambda: Still(VISION.get_model("r3d_18", weights=None), 4), 32),
    "waves": (Waves, 64),
    "alexnet": (vision("alexnet"), 224),
    "vgg16_bn": (vision("vgg16_bn"), 224),
}
