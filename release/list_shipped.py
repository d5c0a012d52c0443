#!/usr/bin/env python3
"""Lists what a bill of materials names, with versions and the dates that they were made: the oldest first.

Known vulnerabilities need a database of them; where there is none, age says what to look at.
"""

import argparse
import json
import zipfile
from datetime import date
from pathlib import Path


def made(jar: Path) -> str:
    """The date of a jar's newest entry; builds that repeat byte for byte may write a first of January instead."""
    if not jar.is_file():
        return "no jar"
    with zipfile.ZipFile(jar) as entries:
        newest = max((entry.date_time[:3] for entry in entries.infolist()), default=(1980, 1, 1))
    day = date(*newest)
    told = 1990 < day.year <= date.today().year and (day.month, day.day) != (1, 1)
    return day.isoformat() if told else "not told"


def licences(component: dict) -> str:
    found = [entry.get("license", {}) for entry in component.get("licenses", [])]
    named = [its.get("id") or its.get("name", "") for its in found]
    named += [entry["expression"] for entry in component.get("licenses", []) if "expression" in entry]
    return ", ".join(filter(None, named)) or "not told"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bom", type=Path, help="CycloneDX, JSON")
    parser.add_argument("repository", type=Path, help="the local Maven repository")
    parser.add_argument("table", type=Path, help="to write, Markdown")
    options = parser.parse_args()
    rows = []
    # Of a module that only holds others there are none.
    for component in json.loads(options.bom.read_text()).get("components", []):
        group, name, version = component.get("group", ""), component["name"], component["version"]
        folder = options.repository.joinpath(*group.split("."), name, version)
        jars = sorted(folder.glob(f"{name}-{version}*.jar"))
        day = made(jars[0]) if jars else "no jar"
        rows.append((day, f"{group}:{name}", version, licences(component)))
    lines = ["| made | library | version | licence |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in sorted(set(rows))]
    options.table.write_text("\n".join(lines) + "\n")
    print(f"{len(set(rows))} libraries, the oldest first: {options.table}")


if __name__ == "__main__":
    main()
