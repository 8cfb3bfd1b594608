"""The script that draws our files from the package of the official divisions."""

import json
from pathlib import Path

import pytest

from config.territories_build import build, main
from dispatcher.domain.territories import Territory, load_atlas


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The package, cut down to a city, its delegated commune, its arrondissement and an island."""
    content = {
        "communes": [
            {"code": "05061", "nom": "Gap", "type": "commune-actuelle", "departement": "05",
             "region": "93", "codesPostaux": ["05000"], "population": 41293,
             "anciensCodes": ["05002"]},
            {"code": "05061", "nom": "Gap", "type": "commune-deleguee", "chefLieu": "05061"},
            {"code": "05003", "nom": "Romette", "type": "commune-deleguee", "chefLieu": "05061"},
            {"code": "05201", "nom": "Gap 1er", "type": "arrondissement-municipal",
             "commune": "05061"},
            {"code": "29083", "nom": "Île-de-Sein", "type": "commune-actuelle",
             "departement": "29", "region": "53"},
        ],
        "epci": [{"code": "200067825", "nom": "CA, Gap", "type": "CA",
                  "membres": [{"code": "05061"}]}],
        "departements": [{"code": "05", "nom": "Hautes-Alpes", "region": "93"},
                         {"code": "29", "nom": "Finistère", "region": "53"}],
        "regions": [{"code": "93", "nom": "Provence"}, {"code": "53", "nom": "Bretagne"}],
    }  # fmt: skip
    (tmp_path / "data").mkdir()
    for name, records in content.items():
        text = json.dumps(records, ensure_ascii=False)
        (tmp_path / "data" / f"{name}.json").write_text(text, encoding="utf-8")
    return tmp_path


def test_what_the_script_writes_is_what_the_atlas_reads(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()

    assert main([str(package), str(target)]) == 0

    atlas = load_atlas(target)
    assert [c.name for c in atlas.communes()] == ["Gap", "Île-de-Sein"]
    for code in ("05061", "05002", "05003", "05201"):
        assert atlas.commune(code) is not None
    assert atlas.name(Territory.parse("epci:200067825")) == "CA, Gap"
    sein = atlas.commune("29083")
    assert sein is not None
    assert (sein.epci, sein.population, sein.postal_codes) == (None, 0, ())


def test_a_comma_in_a_name_is_refused_since_the_atlas_cuts_there(package: Path) -> None:
    communes = package / "data" / "communes.json"
    communes.write_text(communes.read_text(encoding="utf-8").replace("Île-de-Sein", "Sein, l'île"))

    with pytest.raises(ValueError, match="comma"):
        build(package / "data", package)


def test_the_script_says_how_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in ([], [str(tmp_path)], ["a", "b", "c"]):
        assert main(wrong) == 2
        assert "python -m config.territories_build" in capsys.readouterr().err
