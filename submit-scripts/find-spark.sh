#!/usr/bin/env bash
# Prints the home of the Spark to use: SPARK_HOME, else the one of spark-submit on the PATH, else
# the pyspark of python3, else pyspark in a virtual environment of the repository, which is made if
# it is not there.
set -euo pipefail

spark_version=4.1.0
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
environment=${PARE_VENV:-$repository/.venv}

fail() {
  echo "pare: error: $1" >&2
  exit 2
}

# The Spark of a pip installation; any other version than ours is left alone.
pyspark_of() {
  "$1" -c '
import os, sys, pyspark
print(os.path.dirname(pyspark.__file__))
sys.exit(pyspark.__version__ != sys.argv[1])' "$spark_version" 2>/dev/null
}

if [[ -n ${SPARK_HOME:-} ]]; then
  [[ -x $SPARK_HOME/bin/spark-submit ]] ||
    fail "SPARK_HOME = $SPARK_HOME has no bin/spark-submit: correct or unset SPARK_HOME"
  echo "$SPARK_HOME"
elif submit=$(command -v spark-submit); then
  home=$(cd "$(dirname "$(readlink -f "$submit")")/.." && pwd)
  if [[ ! -d $home/jars ]]; then
    # The spark-submit of a pip installation lies outside its Spark.
    home=$("$(dirname "$submit")/python3" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))') ||
      fail "$submit belongs to no Spark that can be found: set SPARK_HOME"
  fi
  echo "$home"
elif home=$(pyspark_of "$environment/bin/python") || home=$(pyspark_of python3); then
  echo "$home"
else
  command -v python3 >/dev/null ||
    fail "no Spark found and no python3 to install it with: set SPARK_HOME to a Spark $spark_version"
  echo "pare: installing Spark $spark_version into $environment (once, about 430 MB)" >&2
  python3 -m venv "$environment" >&2
  "$environment/bin/pip" install --quiet --disable-pip-version-check "pyspark==$spark_version" >&2
  pyspark_of "$environment/bin/python" ||
    fail "$environment holds no pyspark $spark_version: remove it and try again"
fi
