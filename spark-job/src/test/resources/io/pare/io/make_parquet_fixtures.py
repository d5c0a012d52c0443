"""Makes the Parquet fixtures beside this script, as Hugging Face `datasets` writes image data sets.

Run with Python 3, pyarrow 14 or later and Pillow:  python make_parquet_fixtures.py

huggingface.parquet   7 images, row groups of 3, Snappy, dictionary pages, a column that is ignored
large-binary.parquet  the same images as large_binary, int32 labels, the third one missing
"""

import io
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

HERE = pathlib.Path(__file__).parent
LABELS = [0, 2, 1, 2, 0, 1, 2]


def png(shade):
    buffer = io.BytesIO()
    Image.new("RGB", (4, 3), (shade, 255 - shade, 7)).save(buffer, "PNG")
    return buffer.getvalue()


images = [{"bytes": png(30 * i), "path": f"picture-{i}.png"} for i in range(len(LABELS))]
features = {
    "image": {"_type": "Image"},
    "label": {"names": ["cat", "dog", "owl"], "_type": "ClassLabel"},
    "caption": {"dtype": "string", "_type": "Value"},
}
schema = pa.schema(
    [
        ("caption", pa.string()),
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("label", pa.int64()),
    ],
    metadata={"huggingface": json.dumps({"info": {"features": features}})},
)
table = pa.table(
    {"caption": ["a picture"] * len(LABELS), "image": images, "label": LABELS}, schema=schema
)
pq.write_table(table, HERE / "huggingface.parquet", row_group_size=3, compression="snappy")

large = pa.table(
    {
        "image": pa.array(
            images, pa.struct([("bytes", pa.large_binary()), ("path", pa.large_string())])
        ),
        "label": pa.array(LABELS[:2] + [None] + LABELS[3:], pa.int32()),
    }
)
pq.write_table(large, HERE / "large-binary.parquet", row_group_size=100, compression="none")
