"""Compares exported networks with what Pare made of them, one row of a table for each.

Runs the original and the compressed network in ONNX Runtime on seeded images, and the compressed
one through onnx2torch. The error of the outputs is relative: the norm of the difference by that of
the original's outputs, all outputs together.

    python compare_networks.py EXPORTS_FOLDER RESULTS_FOLDER TABLE.md

EXPORTS_FOLDER is what export_networks.py wrote, RESULTS_FOLDER what compress --zoo did.
"""

import argparse
import collections
import json
import pathlib
import re
import warnings

import numpy as np
import onnx
import onnx2torch
import onnxruntime
import torch

HEAD = (
    "network",
    "exporter",
    "layers",
    "of them compressible",
    "share of weights",
    "with activation",
    "kept, with the reason",
    "weights",
    "difference, planned",
    "measured",
    "error of outputs",
    "onnx2torch",
    "seconds",
)
IMAGES = 4


def outputs(path, images):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: images})


def error(expected, actual):
    pairs = [(np.asarray(e, np.float64), np.asarray(a, np.float64)) for e, a in zip(expected, actual)]
    difference = sum(float(np.sum((e - a) ** 2)) for e, a in pairs)
    size = sum(float(np.sum(e**2)) for e, _ in pairs)
    return (difference / max(size, 1e-30)) ** 0.5


def through_torch(path, images, expected):
    """The error of onnx2torch against ONNX Runtime, or why it cannot read the file."""
    try:
        network = onnx2torch.convert(onnx.load(path)).eval()
        with torch.no_grad():
            results = network(torch.from_numpy(images))
    except Exception as failure:  # whatever it throws is an entry of the table
        text = str(failure)
        operator = re.search(r"operation_type='(\w+)', version=(\d+)", text)
        if operator:
            return f"no: it lacks {operator[1]} of operator set {operator[2]}"
        return f"no: {type(failure).__name__} {text}".splitlines()[0][:80]
    results = results if isinstance(results, (list, tuple)) else [results]
    return f"{error(expected, [r.numpy() for r in results]):.1e}"


def is_compressible(layer):
    return bool(layer.get("analysis") and layer["analysis"]["candidates"])


def layers(report):
    kept = collections.Counter()
    compressible = [layer for layer in report["layers"] if is_compressible(layer)]
    for layer in report["layers"]:
        if not is_compressible(layer):
            reason = layer["reason"]
            if reason.startswith("shares the weights"):
                reason = "shares the weights of another"
            kept[reason] += 1
    weights = sum(layer["weightsBefore"] for layer in report["layers"])
    able = sum(layer["weightsBefore"] for layer in compressible)
    followed = sum(layer["activation"] != "identity" for layer in compressible)
    return (
        len(report["layers"]),
        len(compressible),
        f"{100 * able / weights:.1f} %",
        followed,
        "; ".join(f"{count} {reason}" for reason, count in kept.items()) or "none",
    )


def difference(report):
    """What the plan expected, and what was measured on held-out images: sums over the outputs."""
    each = report["after"]["accuracy"]["outputs"]
    measured = sum(out["divergence"] if out["error"] is None else out["error"] for out in each)
    return f"{report['planLoss']:.1e}", f"{measured:.1e}"


def row(exports, results, line):
    name = f"{line['network']}-{line['exporter']}"
    if line["error"]:
        return [line["network"], line["exporter"], f"not exported: {line['error']}"]
    report = results / name / "report.json"
    if not report.exists():
        return [line["network"], line["exporter"], "no result"]
    report = json.loads(report.read_text())
    shape = (IMAGES, 3, line["size"], line["size"])
    images = np.random.default_rng(1).standard_normal(shape, np.float32)
    before = outputs(exports / f"{name}.onnx", images)
    path = results / name / "model.onnx"
    after = outputs(path, images)
    torch_error = through_torch(path, images, after)
    if torch_error.startswith("no: "):
        original = through_torch(exports / f"{name}.onnx", images, before)
        torch_error += ", nor does it read the original" if original.startswith("no: ") else ""
    return [
        line["network"],
        line["exporter"],
        *layers(report),
        f"{report['before']['weights']:,} to {report['after']['weights']:,}",
        *difference(report),
        f"{error(before, after):.3f}",
        torch_error,
        f"{sum(report['seconds'].values()):.0f}",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exports", type=pathlib.Path)
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("table", type=pathlib.Path)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    lines = [json.loads(text) for text in (arguments.exports / "exports.json").read_text().splitlines()]
    rows = [HEAD, ["---"] * len(HEAD)]
    for line in lines:
        rows.append(row(arguments.exports, arguments.results, line))
        print(" | ".join(str(cell) for cell in rows[-1]), flush=True)
    text = "\n".join("| " + " | ".join(str(cell) for cell in cells) + " |" for cells in rows)
    arguments.table.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
