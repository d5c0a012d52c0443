#!/usr/bin/env bash
# Eight bits beside onnxruntime.quantization: int8-table.sh FOLDER [NAME ...]
#   FOLDER holds models/*.onnx and data/imagenet-sample, data/cifar10-train.tar, data/cifar10-val.tar
#   NAME is one of squeezenet, resnet20, alexnet, vgg16; all where none is given
# Compresses each network with --precision int8, once to a file that structure is left as it is for
# and once to a smaller one, and to the smaller one with --precision int4 too; measures them, the
# original and what onnxruntime.quantization makes of it with images of the same data set. Tables go
# to target/int8/NAME.md. PYTHON names an interpreter that has data-prep/quantization/requirements.txt;
# BYTES (such as 6) and RECOVER (auto, steps=N, minutes=N) change the smaller ones, KINDS (such as
# int4:6) says which there are. Set MASTER and MEMORY for other machines.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $# -ge 1 ]] || {
  echo "pare: error: no folder given: int8-table.sh FOLDER [NAME ...]" >&2
  exit 2
}
shared=$(cd "$1" && pwd)
shift
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(squeezenet resnet20 alexnet vgg16)
target=$repository/target/int8
# shellcheck source=networks.sh
. "$repository/submit-scripts/networks.sh"

# NAME, BYTES, then what compare_int8.py is told of the pixels.
table() {
  local name=$1 bytes=${BYTES:-$2}
  shift 2
  network "$shared" "$name"
  local networks=()
  for kind in ${KINDS:-int8:3 "int8:$bytes" "int4:$bytes"}; do
    local precision=${kind%:*} smaller=${kind#*:}
    local output=$target/$name-$precision-$smaller
    "$repository/submit-scripts/pare-submit" \
      --master "${MASTER:-local[2]}" --driver-memory "${MEMORY:-10g}" -- compress \
      "${network_options[@]}" --precision "$precision" --target "bytes=$smaller" \
      --recover "${RECOVER:-no}" --if-exists overwrite --output "$output"
    networks+=(--network "$precision at bytes $smaller=$output/model.onnx")
  done
  "${PYTHON:-python3}" "$repository/data-prep/quantization/compare_int8.py" "$network_model" \
    --calibration "$network_images" --validation "$network_validation" "$@" "${networks[@]}" \
    --table "$target/$name.md"
}

for name in "${names[@]}"; do
  case $name in
    squeezenet)
      table squeezenet 5 --side 227 --shorter 256 --synsets "$shared/data/imagenet-sample/synsets.txt"
      ;;
    resnet20) table resnet20 6 --side 32 ;;
    alexnet) table alexnet 18 --side 64 ;;
    vgg16) table vgg16 18 --side 64 --caffe ;;
    *)
      echo "pare: error: unknown name $name: squeezenet, resnet20, alexnet or vgg16" >&2
      exit 2
      ;;
  esac
done
