#!/usr/bin/env bash
# Eight bits beside onnxruntime.quantization: int8-table.sh FOLDER [NAME ...]
#   FOLDER holds models/*.onnx and data/imagenet-sample, data/cifar10-train.tar, data/cifar10-val.tar
#   NAME is one of squeezenet, resnet20, alexnet, vgg16; all where none is given
# Compresses each network with --precision int8, once to a file that structure is left as it is for
# and once to a smaller one, and measures both, the original and what onnxruntime.quantization makes
# of it with images of the same data set. Tables go to target/int8/NAME.md. PYTHON names an interpreter that has
# data-prep/quantization/requirements.txt; BYTES (such as 6) and RECOVER (auto, steps=N, minutes=N)
# change the smaller one. Set MASTER and MEMORY for other machines.
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

table() {
  local name=$1 model=$2 bytes=${BYTES:-$3} images=$4 validation=$5 preprocessing=$6 python_pixels=$7
  shift 7
  local networks=()
  for smaller in 3 "$bytes"; do
    "$repository/submit-scripts/pare-submit" \
      --master "${MASTER:-local[2]}" --driver-memory "${MEMORY:-10g}" -- compress \
      --model "$shared/models/$model.onnx" --images "$shared/data/$images" \
      --validation "$shared/data/$validation" --preprocessing "$preprocessing" "$@" \
      --precision int8 --target "bytes=$smaller" --recover "${RECOVER:-no}" \
      --if-exists overwrite --output "$target/$name-$smaller"
    networks+=(--network "bytes=$smaller with int8=$target/$name-$smaller/model.onnx")
  done
  # shellcheck disable=SC2086
  "${PYTHON:-python3}" "$repository/data-prep/quantization/compare_int8.py" \
    "$shared/models/$model.onnx" --calibration "$shared/data/$images" \
    --validation "$shared/data/$validation" $python_pixels "${networks[@]}" \
    --table "$target/$name.md"
}

for name in "${names[@]}"; do
  case $name in
    squeezenet)
      synsets=$shared/data/imagenet-sample/synsets.txt
      table squeezenet squeezenet1.1 5 imagenet-sample/train imagenet-sample/val torchvision \
        "--side 227 --shorter 256 --synsets $synsets" --synsets "$synsets"
      ;;
    resnet20)
      table resnet20 resnet20-cifar10 6 cifar10-train.tar cifar10-val.tar \
        torchvision,resize=none,crop=none "--side 32"
      ;;
    alexnet)
      table alexnet alexnet-cifar10 18 cifar10-train.tar cifar10-val.tar \
        torchvision,resize=exact:64x64,crop=none "--side 64"
      ;;
    vgg16)
      table vgg16 vgg16-cifar10 18 cifar10-train.tar cifar10-val.tar \
        "torchvision,resize=exact:64x64,crop=none,scale=1,mean=123.68:116.779:103.939,std=1" \
        "--side 64 --caffe" --calibration-images 2000 --sensitivity-images 128
      ;;
    *)
      echo "pare: error: unknown name $name: squeezenet, resnet20, alexnet or vgg16" >&2
      exit 2
      ;;
  esac
done
