"""As pare_model, on a Kubernetes that runs the Spark operator: one SparkApplication, then the gate.

Needs the provider apache-airflow-providers-cncf-kubernetes, and an output that the pods and Airflow
both reach, such as s3 for --result-json. Nothing here has run on a cluster: the tests read this
file and look at the application that it would ask for. No worker waits meanwhile: the task is
deferred, for which an Airflow triggerer must run.
"""

from __future__ import annotations

import os

from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException

from pare_tasks import (
    DEFAULTS,
    a_limit,
    a_model,
    accept,
    an_output,
    arguments,
    failing_for_good,
    read_result,
    result_path,
    spark_conf,
)

IMAGE = os.environ.get("PARE_IMAGE", "pare")

# Logs as the job wants them, and natives unpacked into a folder that goes with the pod.
DRIVER_CONF = {
    "spark.driver.extraJavaOptions": "-Dlog4j2.configurationFile=file:/opt/pare/log4j2.properties"
    " -Dorg.bytedeco.javacpp.cachedir=./javacpp"
}


def pod(memory: str) -> dict:
    return {
        "cores": 1,
        "memory": memory,
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "securityContext": {"runAsNonRoot": True, "runAsUser": 185},
    }


def application(args: list[str]) -> dict:
    """What the Spark operator is asked for."""
    return {
        "spark": {
            "apiVersion": "sparkoperator.k8s.io/v1beta2",
            "kind": "SparkApplication",
            "spec": {
                "type": "Scala",
                "mode": "cluster",
                "sparkVersion": "4.1.0",
                "image": IMAGE,
                "imagePullPolicy": "IfNotPresent",
                "mainClass": "io.pare.cli.Main",
                "mainApplicationFile": "local:///opt/pare/pare.jar",
                "arguments": args,
                "sparkConf": spark_conf() | DRIVER_CONF,
                # Airflow retries, not the operator: the attempts would not know of each other.
                "restartPolicy": {"type": "Never"},
                "driver": pod("4g") | {"serviceAccount": "spark"},
                "executor": pod("4g") | {"instances": 2},
            },
        }
    }


class PareApplicationOperator(SparkKubernetesOperator):
    """Runs one compression as a SparkApplication; its figures are texts, so nothing renders it."""

    template_fields = ("arguments", "namespace", "kubernetes_conn_id")

    def __init__(self, *, arguments, **kwargs):
        super().__init__(name="pare", get_logs=True, deferrable=True, **kwargs)
        self.arguments = arguments

    def manage_template_specs(self) -> dict:
        return application(self.arguments)

    def execute(self, context):
        with failing_for_good(self.arguments):
            return super().execute(context)

    def trigger_reentry(self, context, event):
        with failing_for_good(self.arguments):
            return super().trigger_reentry(context, event)


with DAG(
    "pare_kubernetes",
    schedule=None,
    params={"model": a_model(), "output": an_output(), "most_lost": a_limit()},
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["pare"],
):

    @task
    def model(params=None) -> dict:
        return params["model"]

    @task(retries=0)
    def result(args: list[str]) -> dict:
        found = read_result(result_path(args))
        if not found or found["status"] == "failed":
            raise AirflowFailException(f"pare: error: {found['error'] if found else 'no result'}")
        return found

    chosen = model()
    args = arguments(chosen, "{{ params.output }}")
    compress = PareApplicationOperator(
        task_id="compress",
        arguments=args,
        namespace=os.environ.get("PARE_NAMESPACE", "default"),
        retries=2,
    )
    told = result(args)
    compress >> told
    accept(told, chosen, "{{ params.most_lost }}")
