"""France as every test of the domain shares it: loaded once."""

from pathlib import Path

from dispatcher.domain.territories import Commune, load_atlas

FOLDER = Path(__file__).parents[2] / "config" / "data" / "territories"
ATLAS = load_atlas(FOLDER)


def commune(code: str) -> Commune:
    """The commune of this code, which must exist."""
    found = ATLAS.commune(code)
    assert found is not None, code
    return found
