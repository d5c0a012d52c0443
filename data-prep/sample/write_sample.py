"""Write the calibration and validation images as Parquet, and the class names.

    python3 write_sample.py --data /usr/share/datasets/fashion-mnist

The columns are those of image data sets on the Hugging Face Hub.
"""

import argparse
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from fashion_mnist import CLASSES, SEED, read_split

ROWS_PER_GROUP = 100


def main() -> None:
    options = parse_options()
    write_split(options.data, "train", options.images, options.output / "calibration.parquet")
    write_split(options.data, "test", options.images, options.output / "validation.parquet")
    (options.output / "classes.txt").write_text("".join(f"{name}\n" for name in CLASSES), encoding="utf-8")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the idx files, gzipped or plain")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent)
    parser.add_argument("--images", type=int, default=1000, help="rows of either file, a multiple of 10")
    return parser.parse_args()


def write_split(data: Path, split: str, count: int, output: Path) -> None:
    images, labels = read_split(data, split)
    rows = [
        {
            "image": {"bytes": png(images[index]), "path": f"{split}/{index:05d}.png"},
            "label": int(labels[index]),
        }
        for index in choose_evenly(labels, count)
    ]
    table = pa.Table.from_pylist(rows, schema=schema())
    pq.write_table(
        table,
        output,
        row_group_size=ROWS_PER_GROUP,
        # PNG is compressed already, and neither a dictionary nor the extremes of distinct images help a reader.
        compression="none",
        use_dictionary=False,
        write_statistics=False,
    )


def choose_evenly(labels: np.ndarray, count: int) -> np.ndarray:
    """Indices with equally many of each class, taken in turn so that any leading part is balanced too."""
    each, remainder = divmod(count, len(CLASSES))
    if remainder:
        raise ValueError(f"{count} images cannot be shared equally by {len(CLASSES)} classes")
    generator = np.random.default_rng(SEED)
    by_class = [
        generator.choice(np.flatnonzero(labels == label), each, replace=False) for label in range(len(CLASSES))
    ]
    return np.stack(by_class, axis=1).ravel()


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def schema() -> pa.Schema:
    fields = [
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("label", pa.int64()),
    ]
    # With this note a reader of the Hub's data sets shows pictures and class names.
    features = {"image": {"_type": "Image"}, "label": {"names": CLASSES, "_type": "ClassLabel"}}
    return pa.schema(fields, metadata={"huggingface": json.dumps({"info": {"features": features}})})


if __name__ == "__main__":
    main()
