#!/usr/bin/env bash
# Compresses the sample network on this machine, from a fresh checkout: builds the jar if it is
# missing and PARE_JAR names no other, and finds or installs Spark. Options are passed on to the job: quickstart.sh --target macs=2.0
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
sample=$repository/data-prep/sample
cd "$repository"

if [[ -z ${PARE_JAR:-} ]] && ! compgen -G 'spark-job/target/spark-job-*-all.jar' >/dev/null; then
  echo "pare: building the jar (once)" >&2
  mvn -B -ntp -q -DskipTests package
fi

exec submit-scripts/pare-submit --master 'local[*]' --driver-memory 3g -- compress \
  --config "$sample/pare.conf" \
  --model "$sample/model.onnx" \
  --images "$sample/calibration.parquet" \
  --validation "$sample/validation.parquet" \
  --output "$repository/target/quickstart" \
  --if-exists overwrite \
  "$@"
