#!/usr/bin/env bash
# A table of architectures: architecture-table.sh IMAGES [NAME ...]
#   IMAGES is a data set of a few images, NAME one of data-prep/architectures/networks.py; all where
#   none is given
# Exports each with both of PyTorch's exporters (random weights, seeded), compresses all of them to
# params=1.3 as one zoo, and compares originals and results in ONNX Runtime and through onnx2torch.
# The table is target/architectures/table.md. PYTHON names an interpreter that has
# data-prep/architectures/requirements.txt. What an earlier call has finished is not done again.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $# -ge 1 ]] || {
  echo "pare: error: no images given: architecture-table.sh IMAGES [NAME ...]" >&2
  exit 2
}
images=$(cd "$1" && pwd)
shift
tools=$repository/data-prep/architectures
target=$repository/target/architectures
python=${PYTHON:-python3}
mkdir -p "$target"

"$python" "$tools/export_networks.py" "$target/exports" "$@"

cat >"$target/zoo.yaml" <<END
defaults:
  images: $images
  target: params=1.3
  forms: [low-rank-channel]
  calibration-images: 8
  sensitivity-images: 2
  samples-per-column: 1
  positions-per-image: 8
  batch-size: 8
  rounds: 1
  trial-seconds: 600
models:
END
"$python" "$tools/export_networks.py" --list-zoo "$target/exports" "$@" >>"$target/zoo.yaml"

code=0
"$repository/submit-scripts/pare-submit" --master "${MASTER:-local[2]}" \
  --driver-memory "${MEMORY:-6g}" -- compress --zoo "$target/zoo.yaml" \
  --output "$target/pared" || code=$?
[[ $code -eq 0 || $code -eq 5 ]] || exit "$code"

"$python" "$tools/compare_networks.py" "$target/exports" "$target/pared" "$target/table.md"
