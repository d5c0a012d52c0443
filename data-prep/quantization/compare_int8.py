"""Measures networks beside what onnxruntime.quantization makes of the original.

Quantises ORIGINAL statically (QDQ, weights by channel, activations by their least and greatest
values over the calibration images), then runs the original, that file and every other network given
on the validation images: top-1, agreement with the original, bytes, and the time of one image on
one thread. Times are taken in turns, so that a busy machine slows all of them alike; the median is
given. A row of a table in Markdown for each network goes to TABLE.

    python compare_int8.py ORIGINAL --calibration IMAGES --validation IMAGES --side 64
        [--network NAME=FILE ...] --table TABLE.md

IMAGES is a folder of class folders or a tar of them; classes are numbered by their sorted names,
or by the lines of --synsets.
"""

import argparse
import io
import pathlib
import statistics
import tarfile
import tempfile
import time

import numpy as np
import onnxruntime
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

HEAD = ("network", "top-1 %", "agreement %", "bytes", "times smaller", "ms an image", "times faster")
ROUNDS = 60
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def encoded(place):
    """Class names and bytes of all images, in the order of their paths."""
    path = pathlib.Path(place)
    if path.is_dir():
        for file in sorted(path.glob("*/*")):
            yield file.parent.name, file.read_bytes()
        return
    with tarfile.open(path) as tar:
        members = sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name)
        for member in members:
            yield pathlib.PurePosixPath(member.name).parts[-2], tar.extractfile(member).read()


class Pixels:
    """Bytes of an image to 1 x 3 x side x side floats."""

    def __init__(self, side, shorter, mean, deviation, scale):
        self.side = side
        self.shorter = shorter
        self.mean = np.array(mean, np.float32)
        self.deviation = np.array(deviation, np.float32)
        self.scale = scale

    def __call__(self, content):
        image = Image.open(io.BytesIO(content)).convert("RGB")
        if self.shorter:
            factor = self.shorter / min(image.size)
            size = [int(length * factor) for length in image.size]
            image = image.resize(size, Image.Resampling.BILINEAR)
            left = (image.width - self.side) // 2
            top = (image.height - self.side) // 2
            image = image.crop((left, top, left + self.side, top + self.side))
        elif image.size != (self.side, self.side):
            image = image.resize((self.side, self.side), Image.Resampling.BILINEAR)
        values = np.asarray(image, np.float32) * self.scale
        return ((values - self.mean) / self.deviation).transpose(2, 0, 1)[None]


class Calibration(quantization.CalibrationDataReader):
    """Evenly spaced images of a data set."""

    def __init__(self, place, pixels, count, name):
        images = [content for _, content in encoded(place)]
        step = max(1, len(images) // count)
        self.batches = ({name: pixels(content)} for content in images[::step][:count])

    def get_next(self):
        return next(self.batches, None)


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def quantised(original, calibration, target):
    prepared = target.with_suffix(".prepared.onnx")
    quant_pre_process(str(original), str(prepared))
    quantization.quantize_static(
        str(prepared),
        str(target),
        calibration,
        quant_format=quantization.QuantFormat.QDQ,
        per_channel=True,
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
    )
    return target


def predictions(networks, validation, pixels):
    """The class that each network sees in each image, and the labels' names."""
    classes = [[] for _ in networks]
    names = []
    for name, content in encoded(validation):
        image = pixels(content)
        names.append(name)
        for network, seen in zip(networks, classes):
            scores = network.run(None, {network.get_inputs()[0].name: image})[0]
            seen.append(int(np.argmax(scores.reshape(-1))))
    return [np.array(seen) for seen in classes], names


def milliseconds(networks, image):
    """Median time of an image by each network, measured in turns."""
    feeds = [{network.get_inputs()[0].name: image} for network in networks]
    times = [[] for _ in networks]
    for turn in range(ROUNDS + 5):
        for network, feed, taken in zip(networks, feeds, times):
            begin = time.perf_counter()
            network.run(None, feed)
            if turn >= 5:
                taken.append(time.perf_counter() - begin)
    return [1000 * statistics.median(taken) for taken in times]


def table(names, paths, seen, labels, times):
    rows = [HEAD, ["---"] + ["---:"] * (len(HEAD) - 1)]
    for k, name in enumerate(names):
        size = paths[k].stat().st_size
        rows.append(
            (
                name,
                f"{100 * np.mean(seen[k] == labels):.2f}",
                f"{100 * np.mean(seen[k] == seen[0]):.2f}",
                f"{size:,}",
                f"{paths[0].stat().st_size / size:.2f}",
                f"{times[k]:.2f}",
                f"{times[0] / times[k]:.2f}",
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("original", type=pathlib.Path)
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--calibration-images", type=int, default=400)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--synsets", type=pathlib.Path)
    parser.add_argument("--side", type=int, required=True)
    parser.add_argument("--shorter", type=int, default=0, help="then the centre is cut out")
    parser.add_argument("--caffe", action="store_true", help="values to 255 minus their means")
    parser.add_argument("--network", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--table", type=pathlib.Path, required=True)
    return parser.parse_args()


def main():
    given = arguments()
    mean, deviation, scale = (
        ((123.68, 116.779, 103.939), (1, 1, 1), 1) if given.caffe else (*IMAGENET, 1 / 255)
    )
    pixels = Pixels(given.side, given.shorter, mean, deviation, scale)
    with tempfile.TemporaryDirectory() as folder:
        name = session(given.original).get_inputs()[0].name
        calibration = Calibration(given.calibration, pixels, given.calibration_images, name)
        static = quantised(given.original, calibration, pathlib.Path(folder) / "static.onnx")
        others = [entry.split("=", 1) for entry in given.network]
        names = ["original", "onnxruntime.quantization", *(entry[0] for entry in others)]
        paths = [given.original, static, *(pathlib.Path(entry[1]) for entry in others)]
        networks = [session(path) for path in paths]
        seen, folders = predictions(networks, given.validation, pixels)
        order = given.synsets.read_text().split() if given.synsets else sorted(set(folders))
        labels = np.array([order.index(entry) for entry in folders])
        image = np.random.default_rng(1).standard_normal((1, 3, given.side, given.side), np.float32)
        text = table(names, paths, seen, labels, milliseconds(networks, image))
    given.table.parent.mkdir(parents=True, exist_ok=True)
    given.table.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
