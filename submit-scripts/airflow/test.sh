#!/usr/bin/env bash
# Runs the DAGs in a real Airflow with the real spark-submit. Airflow goes into target/airflow, once
# about 450 MB; the jar of the job must have been built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
environment=$repository/target/airflow

SPARK_HOME=$("$repository/submit-scripts/find-spark.sh")
export SPARK_HOME

# Made anew when the requirements change, or where making it was interrupted.
if ! cmp --silent "$here/requirements.txt" "$environment/made-from.txt"; then
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$environment/made-from.txt"
fi

# Airflow's own Python first: that of Spark's environment has no Airflow.
export PATH=$environment/bin:$SPARK_HOME/bin:$PATH
AIRFLOW_HOME=$(mktemp -d)
export AIRFLOW_HOME
trap 'rm -rf "$AIRFLOW_HOME"' EXIT
export TMPDIR=$AIRFLOW_HOME
export AIRFLOW__CORE__DAGS_FOLDER=$here
export AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW_CONN_SPARK_DEFAULT='{
  "conn_type": "spark", "host": "local[2]",
  "extra": {"spark-binary": "spark-submit", "deploy-mode": "client"}}'

airflow db migrate >"$AIRFLOW_HOME/migrate.log" 2>&1 || {
  cat "$AIRFLOW_HOME/migrate.log" >&2
  exit 1
}
python "$here/test_dags.py"
