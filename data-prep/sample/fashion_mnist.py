"""Fashion-MNIST as the sample scripts share it: reading, class names, preprocessing."""

import gzip
from pathlib import Path

import numpy as np

SEED = 17
SIDE = 28
CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
MEAN = 0.5
STANDARD_DEVIATION = 0.5

IDX_UNSIGNED_BYTE = 0x08


def read_split(folder: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images (count x 28 x 28) and labels (count) of "train" or "test"."""
    # The publisher named the test files after the "10k" of the original MNIST.
    prefix = {"train": "train", "test": "t10k"}[split]
    images = _read_idx(folder, f"{prefix}-images-idx3-ubyte")
    labels = _read_idx(folder, f"{prefix}-labels-idx1-ubyte")
    if images.shape != (len(labels), SIDE, SIDE):
        raise ValueError(f"{split}: {images.shape} images do not match {len(labels)} labels")
    return images, labels.astype(np.int64)


def network_input(images: np.ndarray) -> np.ndarray:
    """Grey images (count x height x width, bytes) as count x 3 x height x width floats."""
    scaled = images.astype(np.float32) / np.float32(255)
    normalised = (scaled - np.float32(MEAN)) / np.float32(STANDARD_DEVIATION)
    return np.repeat(normalised[:, np.newaxis], 3, axis=1)


def _read_idx(folder: Path, name: str) -> np.ndarray:
    compressed = folder / f"{name}.gz"
    if compressed.exists():
        content = gzip.decompress(compressed.read_bytes())
    else:
        content = (folder / name).read_bytes()
    if content[:3] != bytes([0, 0, IDX_UNSIGNED_BYTE]):
        raise ValueError(f"{name} is not an idx file of unsigned bytes")
    dimensions = content[3]
    shape = np.frombuffer(content, dtype=">u4", count=dimensions, offset=4)
    # A copy, because a view of the file's bytes would be read-only.
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * dimensions).reshape(shape).copy()
