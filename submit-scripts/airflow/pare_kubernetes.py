"""As pare_model, on a Kubernetes that runs the Spark operator: one SparkApplication, then the gate.

Needs the provider apache-airflow-providers-cncf-kubernetes, and a place that the pods and Airflow
both reach. No HDFS: with s3a:// for model, images and output an object store is all that there is.
The pods fetch the packages of PARE_PACKAGES (that of S3A; empty where the image has them) and take
the variables of the Kubernetes secret PARE_SECRET, such as AWS_ACCESS_KEY_ID; Airflow reads the
result through its provider of the store (apache-airflow-providers-amazon with s3fs). Nothing here
has run on a cluster: the tests read this file and look at the application that it would ask for. No
worker waits meanwhile: the task is deferred, for which an Airflow triggerer must run.
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

PACKAGES = os.environ.get("PARE_PACKAGES", "org.apache.hadoop:hadoop-aws:3.4.2").split()

SECRET = os.environ.get("PARE_SECRET")

# Logs as the job wants them, natives unpacked into a folder that goes with the pod, and packages
# where the pod's user may write.
DRIVER_CONF = {
    "spark.jars.ivy": "/tmp/ivy",
    "spark.driver.extraJavaOptions": "-Dlog4j2.configurationFile=file:/opt/pare/log4j2.properties"
    " -Dorg.bytedeco.javacpp.cachedir=./javacpp"
}


def pod(memory: str) -> dict:
    return {
        "cores": 1,
        "memory": memory,
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "securityContext": {"runAsNonRoot": True, "runAsUser": 185},
    } | ({"envFrom": [{"secretRef": {"name": SECRET}}]} if SECRET else {})


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
                "deps": {"packages": PACKAGES},
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
