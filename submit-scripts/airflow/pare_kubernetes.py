"""As pare_model, on a Kubernetes that runs the Spark operator: one SparkApplication, then the gate.

Needs the provider apache-airflow-providers-cncf-kubernetes, and an output that the pods and Airflow
both reach, such as s3 for --result-json. Nothing here has run on a cluster: the tests read this
file and look at the application that it would ask for.
"""

from __future__ import annotations

import os

from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException

from pare_tasks import DEFAULTS, a_limit, a_model, accept, an_output, arguments, read_result, spark_conf

IMAGE = os.environ.get("PARE_IMAGE", "pare")


def pod(memory: str) -> dict:
    return {
        "cores": 1,
        "memory": memory,
        "env": [
            {"name": "OMP_NUM_THREADS", "value": "1"},
            {"name": "OPENBLAS_NUM_THREADS", "value": "1"},
        ],
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "securityContext": {"runAsNonRoot": True, "runAsUser": 185},
    }


APPLICATION = {
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
            "arguments": "{{ ti.xcom_pull(task_ids='arguments') }}",
            "sparkConf": spark_conf(),
            # Airflow retries, not the operator: the attempts would not know of each other.
            "restartPolicy": {"type": "Never"},
            "driver": pod("4g") | {"serviceAccount": "spark"},
            "executor": pod("4g") | {"instances": 2},
        },
    }
}

with DAG(
    "pare_kubernetes",
    schedule=None,
    params={"model": a_model(), "output": an_output(), "most_lost": a_limit()},
    # The arguments are a list in the application, not its text.
    render_template_as_native_obj=True,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["pare"],
):

    @task
    def model(params=None) -> dict:
        return params["model"]

    @task(retries=0)
    def result(args: list[str]) -> dict:
        found = read_result(args[args.index("--result-json") + 1])
        if not found or found["status"] == "failed":
            raise AirflowFailException(f"pare: error: {found['error'] if found else 'no result'}")
        return found

    chosen = model()
    args = arguments(chosen, "{{ params.output }}")
    compress = SparkKubernetesOperator(
        task_id="compress",
        name="pare",
        namespace=os.environ.get("PARE_NAMESPACE", "default"),
        template_spec=APPLICATION,
        get_logs=True,
    )
    told = result(args)
    args >> compress >> told
    accept(told, chosen, "{{ params.most_lost }}")
