"""Makes a release out of what was built: a wheel, the jars, a folder for an image, checksums.

    make_release.py --version 0.1.0 --spark 4.1.0 --jar JAR --prep-jar JAR --output FOLDER

The same jars give the same bytes. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import shutil
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent

# The oldest C library that ONNX Runtime's natives run with, and the one architecture of the jar.
PLATFORM = "manylinux_2_28_x86_64"
EPOCH = (2026, 1, 1, 0, 0, 0)

# What an installation holds of the repository, in the places that the scripts know.
CONF = ("log4j2.properties", "pare.conf", "spark-defaults.conf")
SCRIPTS = ("find-spark.sh", "pare", "pare-local", "pare-submit")


def installation(jar: Path, prep_jar: Path) -> dict[str, Path]:
    """The files of an installation, by their places in it."""
    files = {"pare.jar": jar, "pare-prep.jar": prep_jar}
    files |= {f"conf/{name}": REPOSITORY / "conf" / name for name in CONF}
    files |= {f"submit-scripts/{name}": REPOSITORY / "submit-scripts" / name for name in SCRIPTS}
    # Where a driver in an image looks for it: beside the jar.
    files["log4j2.properties"] = REPOSITORY / "conf" / "log4j2.properties"
    return files


def metadata(version: str, spark: str) -> dict[str, str]:
    """The files that make a zip a wheel, but for the list of them all."""
    return {
        "METADATA": "\n".join(
            (
                "Metadata-Version: 2.1",
                "Name: pare",
                f"Version: {version}",
                "Summary: Compresses convolutional networks on Spark: ONNX in, smaller ONNX out.",
                "License: Apache-2.0",
                "Requires-Python: >=3.10",
                f"Requires-Dist: pyspark=={spark}",
                "Description-Content-Type: text/markdown",
                "",
                (REPOSITORY / "README.md").read_text(encoding="utf-8"),
            )
        ),
        "WHEEL": "\n".join(
            (
                "Wheel-Version: 1.0",
                f"Generator: pare {version}",
                "Root-Is-Purelib: false",
                f"Tag: py3-none-{PLATFORM}",
                "",
            )
        ),
        "entry_points.txt": "[console_scripts]\npare = pare.__main__:main\n",
        "licenses/LICENSE": (REPOSITORY / "LICENSE").read_text(encoding="utf-8"),
        "licenses/NOTICE": (REPOSITORY / "NOTICE").read_text(encoding="utf-8"),
    }


class Wheel:
    """A zip whose last file lists the others with their hashes."""

    def __init__(self, path: Path, records: str):
        self.zip = zipfile.ZipFile(path, "w")
        self.records = records
        self.lines: list[str] = []

    def add(self, name: str, content: bytes, executable: bool = False) -> None:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.lines.append(f"{name},sha256={digest},{len(content)}")
        self._write(name, content, executable)

    def close(self) -> None:
        self.lines.append(f"{self.records},,")
        self._write(self.records, ("\n".join(self.lines) + "\n").encode(), False)
        self.zip.close()

    def _write(self, name: str, content: bytes, executable: bool) -> None:
        info = zipfile.ZipInfo(name, EPOCH)
        info.external_attr = (0o100755 if executable else 0o100644) << 16
        # A jar is compressed already.
        info.compress_type = (
            zipfile.ZIP_STORED if name.endswith(".jar") else zipfile.ZIP_DEFLATED
        )
        self.zip.writestr(info, content)


def write_wheel(output: Path, version: str, spark: str, files: dict[str, Path]) -> None:
    info = f"pare-{version}.dist-info"
    wheel = Wheel(output / f"pare-{version}-py3-none-{PLATFORM}.whl", f"{info}/RECORD")
    for source in sorted((HERE / "pare").glob("*.py")):
        wheel.add(f"pare/{source.name}", source.read_bytes())
    for name, source in sorted(files.items()):
        executable = name.startswith("submit-scripts/")
        wheel.add(f"pare/{name}", source.read_bytes(), executable)
    for name, text in metadata(version, spark).items():
        wheel.add(f"{info}/{name}", text.encode())
    wheel.close()


def write_image_folder(folder: Path, files: dict[str, Path]) -> None:
    folder.mkdir()
    shutil.copy(HERE / "Dockerfile", folder)
    for name, source in files.items():
        place = folder / "pare" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)


def write_checksums(output: Path) -> None:
    lines = []
    for path in sorted(output.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest}  {path.relative_to(output)}\n")
    (output / "SHA256SUMS").write_text("".join(lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--version", required=True)
    parser.add_argument("--spark", required=True, help="the version of pyspark that pip resolves")
    parser.add_argument("--jar", required=True, type=Path)
    parser.add_argument("--prep-jar", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path, help="a folder that is made anew")
    options = parser.parse_args()

    files = installation(options.jar, options.prep_jar)
    shutil.rmtree(options.output, ignore_errors=True)
    options.output.mkdir(parents=True)
    write_wheel(options.output, options.version, options.spark, files)
    shutil.copy(options.jar, options.output / f"pare-{options.version}-all.jar")
    shutil.copy(options.prep_jar, options.output / f"pare-prep-{options.version}-all.jar")
    write_image_folder(options.output / "image", files)
    write_checksums(options.output)


if __name__ == "__main__":
    main()
