#!/usr/bin/env bash
# Measures every method at several budgets on the trained networks, one table each, and the
# error of one layer: accuracy-table.sh FOLDER [NAME ...]
#   FOLDER holds models/*.onnx and data/imagenet-sample, data/cifar10-train.tar, data/cifar10-val.tar
#   NAME is one of conv4_2, squeezenet, resnet20, alexnet, googlenet, vgg16; all where none is given
# Tables and figures go to target/accuracy/NAME. Takes hours on two cores: set MASTER, MEMORY and
# SAMPLES for other machines, TARGETS, MODES and AT_ONCE for parts of a table. With RECOVER (auto,
# steps=N, minutes=N) every network learns again, and stands in the table before and after, in
# target/accuracy/NAME-recovered.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $# -ge 1 ]] || {
  echo "pare: error: no folder given: accuracy-table.sh FOLDER [NAME ...]" >&2
  exit 2
}
shared=$(cd "$1" && pwd)
shift
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(conv4_2 squeezenet resnet20 alexnet googlenet vgg16)

# shellcheck source=networks.sh
. "$repository/submit-scripts/networks.sh"

pare() {
  "$repository/submit-scripts/pare-submit" \
    --master "${MASTER:-local[2]}" --driver-memory "${MEMORY:-10g}" -- "$@" \
    --samples-per-column "${SAMPLES:-8}" --if-exists overwrite
}

sweep() {
  local name=$1 targets=$2
  network "$shared" "$name"
  pare sweep --targets "${TARGETS:-$targets}" --compare "${MODES:-all}" --at-once "${AT_ONCE:-2}" \
    --recover "${RECOVER:-no}" --output "$repository/target/accuracy/$name${RECOVER:+-recovered}" \
    "${network_options[@]}"
}

for name in "${names[@]}"; do
  case $name in
    conv4_2)
      pare compress --model "$shared/models/vgg16-cifar10.onnx" \
        --images "$shared/data/imagenet-sample/train" \
        --input-size 224x224 --preprocessing "torchvision,$vgg_pixels" \
        --layers 'keep@*,ratio=4.9@/features/features.19/Conv' --target params=1.0 \
        --forms low-rank-spatial,spatial-kept-inputs,chain --sensitivity-images 16 \
        --output "$repository/target/accuracy/conv4_2"
      ;;
    squeezenet) sweep squeezenet params=1.25,params=1.5,params=2.0 ;;
    resnet20) sweep resnet20 params=1.5,params=2.0,params=3.0 ;;
    alexnet) sweep alexnet params=2.0,params=3.0,params=4.9,params=8.0 ;;
    googlenet) sweep googlenet params=2.0,params=3.0,params=4.9 ;;
    vgg16)
      # The hardest budget comes first.
      SAMPLES=${SAMPLES:-5} sweep vgg16 params=10.0,params=8.0,params=4.9,params=6.0,params=3.0,params=2.0
      ;;
    *)
      echo "pare: error: unknown name $name: conv4_2, squeezenet, resnet20, alexnet, googlenet or vgg16" >&2
      exit 2
      ;;
  esac
done
