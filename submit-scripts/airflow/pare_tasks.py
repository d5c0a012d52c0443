"""What the DAGs beside this file are made of.

A model is a mapping: name, model, images, validation, target, maybe least_agreement (the share of
images, from 0 to 1, on which the first class must stay that of the original; without labels it is
what decides), and under "options" any other key of conf/pare.conf. Its output goes to
ROOT/DATE/NAME, so a run that is repeated finds its own result and leaves it as it is. The date is
the logical one; runs that an asset or a caller starts have none, and go under the time after which
they may run, which does not change either.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset, AssetAlias, ObjectStoragePath, Param, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PARE_HOME = Path(os.environ.get("PARE_HOME", Path(__file__).parents[2]))

# Each published model becomes an asset of its own, known by this alias.
MODELS = AssetAlias("pare-models")

# Exit codes of wrong options, of an invalid network or data set, and of a limit that is missed:
# the next attempt would end the same way.
NOT_MENDED_BY_A_RETRY = (2, 3, 4)

# Warnings that say that the figures which the gate looks at may mean nothing.
UNTRUSTED = {"preprocessing-guessed", "original-accuracy"}

# Of every task: a cluster that is short of room now may have some later, and what hangs must end.
DEFAULTS = {"retry_delay": timedelta(minutes=5), "execution_timeout": timedelta(hours=12)}


def a_model() -> Param:
    return Param({}, type="object", description="name, model, images, validation, target")


def an_output() -> Param:
    return Param("", type="string", description="Hadoop path that results go below")


def a_limit() -> Param:
    return Param(1.0, type="number", description="points of top-1 that may be lost")


def jar() -> str:
    """The jar of the job: PARE_JAR, or that of the build."""
    jars = sorted((PARE_HOME / "spark-job" / "target").glob("spark-job-*-all.jar"))
    return os.environ.get("PARE_JAR") or str(jars[0] if jars else PARE_HOME / "spark-job-all.jar")


def spark_conf() -> dict[str, str]:
    """conf/spark-defaults.conf as options: a properties file would hide that of the site."""
    lines = (PARE_HOME / "conf" / "spark-defaults.conf").read_text().splitlines()
    pairs = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    return {key: value.strip() for key, value in pairs}


def read_result(path: str) -> dict | None:
    """What the job says of itself; nothing where its process was killed."""
    file = ObjectStoragePath(path)
    return json.loads(file.read_text()) if file.exists() else None


def result_path(args: list[str]) -> str:
    """Where a command line has the job tell how it ended."""
    return args[args.index("--result-json") + 1]


@contextlib.contextmanager
def failing_for_good(args: list[str]):
    """A failure that no retry can mend ends the task, with the one line that the job ends with."""
    try:
        yield
    except AirflowException as failure:
        result = read_result(result_path(args))
        if result and result["exitCode"] in NOT_MENDED_BY_A_RETRY:
            raise AirflowFailException(
                f"pare: error: {result['error']} (exit code {result['exitCode']})"
            ) from failure
        raise


class PareCompressOperator(SparkSubmitOperator):
    """Submits one compression and returns its --result-json.

    It waits in a worker's slot: the provider cannot defer spark-submit.
    """

    def __init__(self, **kwargs):
        super().__init__(
            java_class="io.pare.cli.Main",
            name="pare",
            # The driver computes too; executors have this from spark-defaults.conf.
            env_vars={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            # A second attempt finds the result of the first: there is no driver to go back to.
            durable=False,
            **kwargs,
        )

    def execute(self, context) -> dict:
        # Here, for a file that is parsed every minute must look at no other.
        self.application = jar()
        self.conf = spark_conf()
        with failing_for_good(self.application_args):
            super().execute(context)
        result = read_result(result_path(self.application_args))
        # spark-submit ends well on Kubernetes where the driver does not.
        if not result or result["status"] == "failed":
            raise AirflowException(f"pare: error: {result['error'] if result else 'no result'}")
        return result


def recipe(model: dict) -> str:
    """What decides a result: the network's bytes and everything said about it."""
    digest = hashlib.sha256(ObjectStoragePath(model["model"]).read_bytes())
    digest.update(json.dumps(model, sort_keys=True).encode())
    return digest.hexdigest()


@task
def arguments(model: dict, output: str, logical_date=None, dag_run=None) -> list[str]:
    """The command line of one model."""
    date = logical_date or dag_run.run_after
    place = f"{output}/{date.strftime('%Y-%m-%dT%H%M%S')}/{model['name']}"
    args = ["compress", "--output", place, "--result-json", f"{place}.result.json"]
    args += ["--if-exists", "skip"]
    keys = {key: model[key] for key in ("model", "images", "validation", "target") if key in model}
    for key, value in (keys | model.get("options", {})).items():
        args += [f"--{key}", str(value)]
    return args


@task(outlets=[MODELS], retries=0)
def accept(result: dict, model: dict, most_lost: str, outlet_events=None) -> dict:
    """The gate: what lost more points of top-1 than this, or may not be trusted, is no asset."""
    refused = {warning["code"] for warning in result["warnings"]} & UNTRUSTED
    if refused:
        raise AirflowFailException(
            f"{model['name']}: figures cannot be trusted: {', '.join(sorted(refused))}"
        )
    before, after = result["before"]["top1Rate"], result["after"]["top1Rate"]
    measured = before is not None and after is not None
    if not measured and "least_agreement" not in model:
        raise AirflowFailException(
            f"{model['name']}: no labels, so give it images for validation, or a least_agreement"
        )
    if measured and 100 * (before - after) > float(most_lost):
        raise AirflowFailException(
            f"{model['name']}: top-1 fell from {100 * before:.2f} % to {100 * after:.2f} %, by more"
            f" than {most_lost} points: {result['output']}"
        )
    agreement = result["after"]["agreement"]
    if "least_agreement" in model and (agreement or 0) < float(model["least_agreement"]):
        raise AirflowFailException(
            f"{model['name']}: the first class stayed on {agreement or 0:.3f} of the images, on"
            f" fewer than {model['least_agreement']}: {result['output']}"
        )
    published = {
        "manifest": f"{result.get('files') or result['output']}/manifest.json",
        "sha256": result["sha256"]["model.onnx"],
        "top1": after,
        "weights": result["after"]["weights"],
        "recipe": recipe(model),
    }
    outlet_events[MODELS].add(Asset(f"pare/{model['name']}"), extra=published)
    return published
