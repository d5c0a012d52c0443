"""Compresses a list of models, each on its own: one that fails stops no other.

A task for each model, so that each has its own retries, log, gate and asset. Many small models are
quicker in one application: `compress --zoo FILE` in one task, whose exit code 5 says that some have
failed; a retry of that task works on these alone, so 5 is none of NOT_MENDED_BY_A_RETRY.
"""

from __future__ import annotations

from airflow.sdk import DAG, Param, task, task_group

from pare_tasks import DEFAULTS, PareCompressOperator, a_limit, accept, an_output, arguments

with DAG(
    "pare_zoo",
    schedule=None,
    params={
        "models": Param([], type="array", description="one mapping a model, as in pare_model"),
        "output": an_output(),
        "most_lost": a_limit(),
    },
    # A Spark application each: as many at once as the cluster has room for.
    max_active_tasks=4,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["pare"],
):

    @task
    def models(params=None) -> list[dict]:
        return params["models"]

    @task_group
    def one(model: dict):
        compress = PareCompressOperator(
            task_id="compress",
            application_args=arguments(model, "{{ params.output }}"),
            retries=2,
        )
        accept(compress.output, model, "{{ params.most_lost }}")

    one.expand(model=models())
