"""Measure the committed model with ONNX Runtime and write measured.json.

    python3 measure_sample.py --data /usr/share/datasets/fashion-mnist

The model is measured on all test images, read from the original files, and on
validation.parquet as it stands, decoded from its PNG bytes.
"""

import argparse
import datetime
import io
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow.parquet as pq
from PIL import Image

from fashion_mnist import SEED, network_input, read_split

BATCH = 500


def main() -> None:
    options = parse_options()
    model = options.sample / "model.onnx"
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    test_images, test_labels = read_split(options.data, "test")
    test_ranks = ranks(session, test_images, test_labels)
    validation_images, validation_labels = read_parquet(options.sample / "validation.parquet")
    validation_ranks = ranks(session, validation_images, validation_labels)
    measured = {
        "images": len(test_ranks),
        "top1": share_within(test_ranks, 1),
        "top5": share_within(test_ranks, 5),
        "validation_images": len(validation_ranks),
        "validation_top1": share_within(validation_ranks, 1),
        "validation_top5": share_within(validation_ranks, 5),
        "torch": onnx.load(model).producer_version,
        "onnxruntime": onnxruntime.__version__,
        "seed": SEED,
        "date": datetime.date.today().isoformat(),
    }
    text = json.dumps(measured, indent=2)
    (options.sample / "measured.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the idx files, gzipped or plain")
    parser.add_argument("--sample", type=Path, default=Path(__file__).parent, help="folder of the model and images")
    return parser.parse_args()


def read_parquet(file: Path) -> tuple[np.ndarray, np.ndarray]:
    rows = pq.read_table(file).to_pylist()
    images = [np.asarray(Image.open(io.BytesIO(row["image"]["bytes"]))) for row in rows]
    return np.stack(images), np.array([row["label"] for row in rows])


def ranks(session: onnxruntime.InferenceSession, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each image, how many classes score above the right one."""
    logits = np.concatenate(
        [
            session.run(["logits"], {"image": network_input(images[start : start + BATCH])})[0]
            for start in range(0, len(images), BATCH)
        ]
    )
    right = logits[np.arange(len(labels)), labels]
    return (logits > right[:, np.newaxis]).sum(axis=1)


def share_within(ranks_of_right: np.ndarray, places: int) -> float:
    return round(float((ranks_of_right < places).mean()), 4)


if __name__ == "__main__":
    main()
