"""Compresses one model: compress, then the gate that announces it as an asset."""

from __future__ import annotations

from airflow.sdk import DAG, task

from pare_tasks import DEFAULTS, PareCompressOperator, a_limit, a_model, accept, an_output, arguments

with DAG(
    "pare_model",
    schedule=None,
    params={"model": a_model(), "output": an_output(), "most_lost": a_limit()},
    default_args=DEFAULTS,
    doc_md=__doc__,
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
