"""The command pare: finds Spark and hands its arguments to the script that calls spark-submit."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path


def spark_home() -> str:
    """The Spark of SPARK_HOME, else that of the pyspark which was installed with this package."""
    home = os.environ.get("SPARK_HOME")
    if home:
        return home
    pyspark = importlib.util.find_spec("pyspark")
    if pyspark is None or not pyspark.submodule_search_locations:
        print("pare: error: no Spark found: install pyspark, or set SPARK_HOME", file=sys.stderr)
        raise SystemExit(2)
    return pyspark.submodule_search_locations[0]


def main() -> None:
    """Becomes the script, whose exit code is that of the job."""
    script = Path(__file__).resolve().parent / "submit-scripts" / "pare"
    environment = os.environ | {"SPARK_HOME": spark_home()}
    os.execvpe("bash", ["bash", str(script), *sys.argv[1:]], environment)


if __name__ == "__main__":
    main()
