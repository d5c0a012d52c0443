"""Runs the DAGs in the real Airflow, with the real spark-submit on the sample network.

test.sh calls this with AIRFLOW_HOME, SPARK_HOME and the connection spark_default set.
"""

from __future__ import annotations

import collections
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import types
import unittest
from datetime import datetime, timezone
from pathlib import Path
from unittest import mock

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.asset import AssetEvent
from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from airflow.utils.session import create_session

from pare_tasks import accept, arguments

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "data-prep" / "sample"
DAY = datetime(2026, 1, 2, tzinfo=timezone.utc)


def sample(**changes) -> dict:
    """The sample network, on so few images and structures that a job takes seconds."""
    options = {
        "preprocessing": "torchvision,resize=none,crop=none,mean=0.5,std=0.5",
        "calibration-images": 60,
        "samples-per-column": 1,
        "forms": "low-rank-spatial",
    }
    return {
        "name": "sample",
        "model": (SAMPLE / "model.onnx").as_uri(),
        "images": (SAMPLE / "calibration.parquet").as_uri(),
        "validation": (SAMPLE / "validation.parquet").as_uri(),
        "target": "params=1.5",
        "options": options,
    } | changes


PARSE = """
import sys
from airflow.dag_processing.dagbag import BundleDagBag
bag = BundleDagBag(sys.argv[1], bundle_path=sys.argv[1], bundle_name="dags-folder")
print(len(bag.dags), bag.import_errors)
"""


@contextlib.contextmanager
def output_of_tasks():
    """What is written to the terminal meanwhile: tasks log there, each through a logger of its own."""
    text = io.StringIO()
    terminal = [os.dup(1), os.dup(2)]
    with tempfile.TemporaryFile("w+") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        try:
            yield text
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream in (1, 2):
                os.dup2(terminal[stream - 1], stream)
                os.close(terminal[stream - 1])
            file.seek(0)
            text.write(file.read())
            sys.stderr.write(text.getvalue())


class TasksTest(unittest.TestCase):
    """The tasks alone, without Spark."""

    def test_a_run_without_a_logical_date_goes_under_the_time_after_which_it_may_run(self):
        run = types.SimpleNamespace(run_after=DAY)
        asked = arguments.function(sample(), "file:///out", logical_date=None, dag_run=run)
        self.assertIn("file:///out/2026-01-02T000000/sample", asked)

    def test_the_gate_refuses_what_may_not_be_trusted_and_what_agrees_too_little(self):
        good = {
            "before": {"top1Rate": 0.9},
            "after": {"top1Rate": 0.9, "agreement": 0.93, "weights": 1},
            "warnings": [{"code": "few-samples"}],
            "sha256": {"model.onnx": "ab"},
            "output": "file:///out",
        }
        guessed = good | {"warnings": [{"code": "preprocessing-guessed"}]}
        events = collections.defaultdict(mock.Mock)
        with self.assertRaisesRegex(AirflowFailException, "preprocessing-guessed"):
            accept.function(guessed, sample(), "1", outlet_events=events)
        with self.assertRaisesRegex(AirflowFailException, "0.930 of the images"):
            accept.function(good, sample(least_agreement=0.95), "1", outlet_events=events)
        accept.function(good, sample(least_agreement=0.9), "1", outlet_events=events)
        self.assertEqual(len(events), 1)

    def test_without_labels_the_gate_looks_at_agreement_and_asks_for_its_limit(self):
        unlabelled = {
            "before": {"top1Rate": None},
            "after": {"top1Rate": None, "agreement": 0.93, "weights": 1},
            "warnings": [],
            "sha256": {"model.onnx": "ab"},
            "output": "file:///out",
        }
        events = collections.defaultdict(mock.Mock)
        with self.assertRaisesRegex(AirflowFailException, "a least_agreement"):
            accept.function(unlabelled, sample(), "1", outlet_events=events)
        with self.assertRaisesRegex(AirflowFailException, "0.930 of the images"):
            accept.function(unlabelled, sample(least_agreement=0.95), "1", outlet_events=events)
        accept.function(unlabelled, sample(least_agreement=0.9), "1", outlet_events=events)
        self.assertEqual(len(events), 1)

    def test_parsing_the_dags_looks_at_no_other_file(self):
        found = subprocess.run(
            [sys.executable, "-c", PARSE, str(HERE)],
            env=os.environ | {"PARE_HOME": "/not/there"},
            check=True,
            capture_output=True,
            text=True,
        )
        self.assertEqual(found.stdout.splitlines()[-1], "4 {}")


class DagsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bag = BundleDagBag(str(HERE), bundle_path=HERE, bundle_name="dags-folder")
        cls.output = tempfile.mkdtemp(prefix="pare-")
        # The one real compression; what follows finds its result under the same logical date.
        cls.first = cls.run_dag("pare_model", model=sample())

    @classmethod
    def run_dag(cls, name: str, **conf):
        conf = {"output": f"file://{cls.output}", "most_lost": 100} | conf
        return cls.bag.dags[name].test(logical_date=DAY, run_conf=conf)

    @staticmethod
    def tasks(run) -> dict[str, tuple[str, int]]:
        """State and number of attempts by task, numbered where it is mapped."""
        found = {}
        for task in run.get_task_instances():
            number = "" if task.map_index < 0 else f" {task.map_index}"
            found[task.task_id + number] = (str(task.state), task.try_number)
        return found

    @staticmethod
    def events() -> list[AssetEvent]:
        with create_session() as session:
            return session.query(AssetEvent).order_by(AssetEvent.id).all()

    def test_every_file_is_a_dag(self):
        self.assertEqual(self.bag.import_errors, {})
        self.assertEqual(
            set(self.bag.dags), {"pare_model", "pare_zoo", "pare_changed", "pare_kubernetes"}
        )

    def test_on_kubernetes_the_image_brings_the_jar_and_natives_have_their_room(self):
        compress = self.bag.dags["pare_kubernetes"].get_task("compress")
        compress.arguments = ["compress", "--target", "params=2.0"]
        spec = compress.template_body["spark"]["spec"]
        self.assertEqual(spec["arguments"], compress.arguments)
        self.assertEqual(spec["mainApplicationFile"], "local:///opt/pare/pare.jar")
        self.assertEqual(spec["sparkConf"]["spark.executor.memoryOverheadFactor"], "0.4")
        self.assertEqual(spec["sparkConf"]["spark.kubernetes.driverEnv.OMP_NUM_THREADS"], "1")
        self.assertEqual(spec["restartPolicy"], {"type": "Never"})

    def test_on_kubernetes_an_object_store_is_all_that_is_needed(self):
        compress = self.bag.dags["pare_kubernetes"].get_task("compress")
        model = {"name": "a", "model": "s3a://b/a.onnx", "images": "s3a://b/images"}
        compress.arguments = arguments.function(model, "s3a://b/pared", logical_date=DAY)
        spec = compress.template_body["spark"]["spec"]
        self.assertEqual(spec["deps"], {"packages": ["org.apache.hadoop:hadoop-aws:3.4.2"]})
        self.assertEqual(spec["sparkConf"]["spark.jars.ivy"], "/tmp/ivy")
        self.assertIn("s3a://b/pared/2026-01-02T000000/a.result.json", spec["arguments"])
        self.assertNotIn("hdfs", json.dumps(spec))

    def test_on_kubernetes_a_deferred_run_that_no_retry_mends_fails_for_good(self):
        compress = self.bag.dags["pare_kubernetes"].get_task("compress")
        self.assertTrue(compress.deferrable)
        self.assertEqual(compress.retries, 2)
        told = Path(tempfile.mkdtemp(prefix="pare-")) / "result.json"
        compress.arguments = ["compress", "--result-json", told.as_uri()]
        failed = mock.patch.object(
            SparkKubernetesOperator, "trigger_reentry", side_effect=AirflowException("pod failed")
        )
        for code, kind, text in (
            (1, AirflowException, "pod failed"),
            (3, AirflowFailException, "no such network .exit code 3."),
        ):
            told.write_text(json.dumps({"exitCode": code, "error": "no such network"}))
            with failed, self.assertRaisesRegex(kind, text) as ended:
                compress.trigger_reentry({}, {"status": "failed"})
            self.assertIs(type(ended.exception), kind)

    def test_a_good_model_is_published_under_its_date_and_announced(self):
        self.assertEqual(
            self.tasks(self.first),
            {name: ("success", 1) for name in ("model", "arguments", "compress", "accept")},
        )
        place = Path(self.output) / "2026-01-02T000000" / "sample"
        manifest = json.loads((place / "manifest.json").read_text())
        announced = self.events()[0].extra
        self.assertEqual(announced["manifest"], f"file:{place}/manifest.json")
        self.assertEqual(announced["sha256"], manifest["files"]["model.onnx"])
        self.assertGreater(announced["top1"], 0.3)
        self.assertLess(announced["weights"], 427_360)

    def test_a_run_that_an_asset_or_a_caller_starts_has_no_logical_date(self):
        run = self.bag.dags["pare_model"].test(
            logical_date=None,
            run_after=DAY,
            run_conf={"output": f"file://{self.output}", "most_lost": 100, "model": sample()},
        )
        self.assertIsNone(run.logical_date)
        # Under the time after which it may run: where the first one has published.
        self.assertEqual(self.tasks(run)["accept"], ("success", 1))
        self.assertEqual(
            [path.name for path in Path(self.output).iterdir()], ["2026-01-02T000000"]
        )

    def test_a_model_that_lost_too_much_is_refused_once_and_not_announced(self):
        before = len(self.events())
        with output_of_tasks() as log:
            run = self.run_dag("pare_model", model=sample(), most_lost=-50)
        text = log.getvalue()

        self.assertEqual(self.tasks(run)["compress"], ("success", 1))
        self.assertEqual(self.tasks(run)["accept"], ("failed", 1))
        self.assertIn("sample: top-1 fell from 92.80 % to", text)
        self.assertEqual(len(self.events()), before)

    def test_a_network_that_is_not_there_fails_once_with_one_line(self):
        with output_of_tasks() as log:
            run = self.run_dag("pare_model", model=sample(name="none", model="file:///none.onnx"))
        text = log.getvalue()

        self.assertEqual(self.tasks(run)["compress"], ("failed", 1))
        self.assertEqual(self.tasks(run)["accept"][0], "upstream_failed")
        self.assertIn("pare: error: file:///none.onnx does not exist (exit code 3)", text)

    def test_in_a_zoo_a_bad_model_stops_no_other(self):
        bad = sample(name="bad", model=(SAMPLE / "classes.txt").as_uri())

        run = self.run_dag("pare_zoo", models=[bad, sample()])

        states = {name: state for name, (state, _) in self.tasks(run).items()}
        self.assertEqual(states["one.compress 0"], "failed")
        self.assertEqual(states["one.accept 0"], "upstream_failed")
        self.assertEqual(states["one.compress 1"], "success")
        self.assertEqual(states["one.accept 1"], "success")

    def test_only_what_has_changed_is_compressed(self):
        os.environ["AIRFLOW_VAR_PARE_OUTPUT"] = f"file://{self.output}"
        os.environ["AIRFLOW_VAR_PARE_MODELS"] = json.dumps([sample(), sample(target="params=1.4")])

        first = self.tasks(self.run_dag("pare_changed"))
        second = self.tasks(self.run_dag("pare_changed"))

        self.assertEqual(first["one.accept 0"], ("success", 1))
        self.assertNotIn("one.accept 1", first)
        self.assertEqual(second["one.compress"][0], "skipped")


if __name__ == "__main__":
    unittest.main(verbosity=2)
