"""Every day compresses the models that have changed: those whose bytes or settings no asset has.

The list is the Airflow variable pare_models (JSON), the place of the results pare_output.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import DAG, Variable, task, task_group

from pare_tasks import DEFAULTS, MODELS, PareCompressOperator, a_limit, accept, arguments, recipe

with DAG(
    "pare_changed",
    schedule="@daily",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    # Two runs at once would both compress what has changed.
    max_active_runs=1,
    params={"most_lost": a_limit()},
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["pare"],
):

    @task(inlets=[MODELS])
    def changed(inlet_events=None) -> list[dict]:
        accepted = {event.extra.get("recipe") for event in inlet_events[MODELS]}
        models = Variable.get("pare_models", default=[], deserialize_json=True)
        return [model for model in models if recipe(model) not in accepted]

    @task
    def output() -> str:
        return Variable.get("pare_output")

    @task_group
    def one(model: dict):
        compress = PareCompressOperator(
            task_id="compress",
            application_args=arguments(model, output()),
            retries=2,
        )
        accept(compress.output, model, "{{ params.most_lost }}")

    one.expand(model=changed())
