"""Compresses one model: compress, then the gate that announces it as an asset."""

from __future__ import annotations

from airflow.sdk import DAG, Param, task

from pare_tasks import PareCompressOperator, accept, arguments

with DAG(
    "pare_model",
    schedule=None,
    params={
        "model": Param({}, type="object", description="name, model, images, validation, target"),
        "output": Param("", type="string", description="Hadoop path that results go below"),
        "most_lost": Param(1.0, type="number", description="points of top-1 that may be lost"),
    },
    tags=["pare"],
):

    @task
    def model(params=None) -> dict:
        return params["model"]

    chosen = model()
    compress = PareCompressOperator(
        task_id="compress",
        application_args=arguments(chosen, "{{ params.output }}"),
        retries=2,
    )
    accept(compress.output, chosen, "{{ params.most_lost }}")
