#!/usr/bin/env bash
# A zoo of six models in one application, twice: zoo-example.sh FOLDER
#   FOLDER holds models/*.onnx and data/imagenet-sample, data/cifar10-train.tar, data/cifar10-val.tar
# Four models are compressed; a truncated one and one without a layer that could become smaller are
# not, and are told with their reasons: exit code 5. The second run finds the four as they are. The
# list is target/zoo/zoo.yaml, the results are below target/zoo/pared. Few images and samples: it
# shows how a zoo is run, not what accuracy can be had.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $# -eq 1 ]] || {
  echo "pare: error: no folder given: zoo-example.sh FOLDER" >&2
  exit 2
}
shared=$(cd "$1" && pwd)
sample=$repository/data-prep/sample
zoo=$repository/target/zoo
rm -rf "$zoo"
mkdir -p "$zoo"

head -c 100000 "$shared/models/squeezenet1.1.onnx" >"$zoo/truncated.onnx"
# A network of pooling alone: it has no weights.
base64 -d >"$zoo/pooling.onnx" <<'END'
CAgSBHBhcmU6ggEKHwoBeBIBbRoEbWVhbiIRR2xvYmFsQXZlcmFnZVBvb2wKIgoBbRIBeRoEZmxhdCIHRmxhdHRlbi
oLCgRheGlzGAGgAQISB3Bvb2xpbmdaHAoBeBIXChUIARIRCgMSAU4KAggDCgIIHAoCCBxiFAoBeRIPCg0IARIJCgMS
AU4KAggDQgIQDQ==
END

cat >"$zoo/zoo.yaml" <<END
defaults:
  target: params=1.5
  forms: [low-rank-spatial, low-rank-channel]
  calibration-images: 100
  sensitivity-images: 16
  samples-per-column: 1
models:
  - model: $shared/models/squeezenet1.1.onnx
    images: $shared/data/imagenet-sample/train
    validation: $shared/data/imagenet-sample/val
    synsets: $shared/data/imagenet-sample/synsets.txt
  - name: resnet20
    model: $shared/models/resnet20-cifar10.onnx
    images: $shared/data/cifar10-train.tar
    preprocessing: torchvision,resize=none,crop=none
  - name: vgg16
    model: $shared/models/vgg16-cifar10.onnx
    images: $shared/data/cifar10-train.tar
    preprocessing: torchvision,resize=exact:64x64,crop=none,scale=1,mean=123.68:116.779:103.939,std=1
  - name: sample
    model: $sample/model.onnx
    images: $sample/calibration.parquet
    validation: $sample/validation.parquet
    preprocessing: torchvision,resize=none,crop=none,mean=0.5,std=0.5
  - model: $zoo/truncated.onnx
    images: $shared/data/imagenet-sample/train
  - model: $zoo/pooling.onnx
    images: $sample/calibration.parquet
    preprocessing: torchvision,resize=none,crop=none,mean=0.5,std=0.5
END

for run in first second; do
  begin=$SECONDS
  code=0
  "$repository/submit-scripts/pare-submit" --master "${MASTER:-local[2]}" \
    --driver-memory "${MEMORY:-5g}" -- compress --zoo "$zoo/zoo.yaml" --output "$zoo/pared" || code=$?
  echo "the $run run ended with $code after $((SECONDS - begin)) s"
done
