"""Templates of papers are kept by their hash, and none lacks what its paper needs."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from config import papers
from config.papers import BadTemplate
from dispatcher.domain.papers import Kind, Look

NEEDED = ("person", "digits", "house", "reference", "address", "number", "made")
VALUES = dict.fromkeys((*NEEDED, "state", "how", "prepared", "given", "over"), "…")


def test_the_hash_of_a_template_changes_with_any_of_its_letters() -> None:
    template = papers.template(Kind.GIVEN)

    other = replace(template, text=template.text.replace("Rien", "rien", 1) + " ")

    assert other.sha256 != template.sha256


@pytest.mark.parametrize("kind", Kind)
def test_every_edition_is_the_one_that_was_kept(kind: Kind) -> None:
    kept = papers.editions()[kind]

    found = [papers.template(kind, number).sha256 for number in range(1, len(kept) + 1)]

    assert found == kept
    assert papers.template(kind).edition == len(kept)


def test_a_template_that_was_altered_is_printed_by_nobody(tmp_path: Path) -> None:
    folder = copytree(papers.FOLDER, tmp_path / "papers")
    altered = folder / "attestation-1.txt"
    altered.write_text(altered.read_text(encoding="utf-8") + "~ et tout le reste\n", "utf-8")

    with pytest.raises(BadTemplate, match="attestation/1"):
        papers.template(Kind.GIVEN, folder=folder)
    assert papers.template(Kind.DRAFT, folder=folder).edition == 1


@pytest.mark.parametrize("kind", Kind)
def test_only_a_draft_has_words_across_it_and_each_has_all_that_a_paper_needs(kind: Kind) -> None:
    template = papers.template(kind)

    looks = {part.look for part in template.parts(VALUES, ["une démarche"])}

    assert looks - {Look.ACROSS} == set(Look) - {Look.ACROSS}
    assert (Look.ACROSS in looks) == (kind is Kind.DRAFT)
    for needed in ("{person}", "{house}", "{reference}", "{address}", "{template}", "{sha256}"):
        assert needed in template.text
    assert ("{over}" in template.text) == (kind in {Kind.REVOKED, Kind.OVER})
