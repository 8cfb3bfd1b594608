"""Rebuild ``config/data/territories`` from npm's ``@etalab/decoupage-administratif``, unpacked.

python -m config.territories_build PACKAGE_FOLDER [TARGET_FOLDER]
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "data" / "territories"
Record = dict[str, Any]  # an object of the package's JSON
Row = Sequence[str | int]


def main(arguments: Sequence[str]) -> int:
    """Write the five files; 2 when the package's folder is not given or is not that package."""
    if not 1 <= len(arguments) <= 2 or not (source := Path(arguments[0]) / "data").is_dir():
        sys.stderr.write(f"{__doc__}\n")
        return 2
    build(source, Path(arguments[1]) if arguments[1:] else TARGET)
    return 0


def build(source: Path, target: Path) -> None:
    """Draw our five files from the package's ``data`` folder."""
    epci, communes = _read(source, "epci"), _read(source, "communes")
    departements, regions = _read(source, "departements"), _read(source, "regions")
    present = sorted(_of(communes, "commune-actuelle"), key=lambda commune: commune["code"])
    fields = "code", "name", "departement", "region", "epci", "postal_codes", "population"
    rows = list(commune_rows(present, epci))
    if any(mark in str(cell) for row in rows for cell in row for mark in ',"\r\n'):
        raise ValueError("a comma in a commune's cell: dispatcher/domain/territories.py cuts there")
    _write(target / "communes.csv", fields, rows)
    _write(target / "aliases.csv", ("old_code", "code", "kind"), alias_rows(communes))
    epci_rows = ((e["code"], e["nom"], e["type"]) for e in epci)
    _write(target / "epci.csv", ("code", "name", "type"), epci_rows)
    departement_rows = ((d["code"], d["nom"], d["region"]) for d in departements)
    _write(target / "departements.csv", ("code", "name", "region"), departement_rows)
    _write(target / "regions.csv", ("code", "name"), ((r["code"], r["nom"]) for r in regions))


def commune_rows(present: Iterable[Record], epci: Iterable[Record]) -> Iterable[Row]:
    """One row for each present commune, with the EPCI that counts it as a member."""
    epci_of = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    for commune in present:
        yield (
            commune["code"],
            commune["nom"],
            commune["departement"],
            commune["region"],
            epci_of.get(commune["code"], ""),
            " ".join(commune.get("codesPostaux", ())),
            commune.get("population") or "",
        )


def alias_rows(communes: Sequence[Record]) -> list[Row]:
    """Every code that is no present commune's but leads to one, by code.

    Delegated and associated communes lead to their chef-lieu, arrondissements to their city, and
    old codes to the commune that took them in.
    """
    present = {commune["code"] for commune in _of(communes, "commune-actuelle")}
    aliases: dict[str, tuple[str, str]] = {}
    for commune in _of(communes, "commune-actuelle"):
        aliases |= dict.fromkeys(commune.get("anciensCodes", ()), (commune["code"], "ancien"))
    for kind in ("deleguee", "associee"):
        for part in _of(communes, f"commune-{kind}"):
            aliases.setdefault(part["code"], (part["chefLieu"], kind))
    for part in _of(communes, "arrondissement-municipal"):
        aliases[part["code"]] = (part["commune"], "arrondissement")
    return [(old, *to) for old, to in sorted(aliases.items()) if old not in present]


def _of(communes: Iterable[Record], kind: str) -> Iterable[Record]:
    return (commune for commune in communes if commune["type"] == kind)


def _read(source: Path, name: str) -> list[Record]:
    records: list[Record] = json.loads((source / f"{name}.json").read_text(encoding="utf-8"))
    return records


def _write(path: Path, header: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
