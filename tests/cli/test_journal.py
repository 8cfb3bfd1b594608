"""``dispatcher journal``: checked here and elsewhere, written out, signed."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from config.settings import Settings
from dispatcher.domain.journal import Entry
from dispatcher.domain.journal_exports import head_line
from dispatcher.operations.services import Archive
from dispatcher.store.signing import SigningKey
from tests.cli.operators import Operator

FILE = "journal.jsonl"
SCRIPT = "import sys; from dispatcher.cli import main; main(sys.argv[1:])"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def keeper(operator: Operator) -> Operator:
    """An operator whose journal has five rows, signed up to the fourth."""
    operator.works_with(archive=Archive(SigningKey.made()))
    appends(operator, 4)
    assert operator.types("journal", "sign").stdout == (
        "Tête n° 1 signée : le journal va jusqu'à la ligne 4.\n"
    )
    appends(operator, 1)
    return operator


def appends(operator: Operator, count: int) -> None:
    services = operator.office.services
    with services.store.writing() as tx:
        for number in range(count):
            facts = {"mandate": f"m{number}", "structure": "gap"}
            tx.journal.append(Entry("mandate.used", services.now(), facts))


def alters(operator: Operator, *statements: str) -> None:
    """As whoever owns the database can, and without a trace of it."""
    with operator.office.services.store.engine.begin() as connection:
        made = [*connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")]  # fmt: skip
        for name, _ in made:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        for _, again in made:
            connection.exec_driver_sql(again)


def exported(operator: Operator) -> tuple[Path, Path]:
    file, key = operator.folder / FILE, operator.folder / "key.pem"
    assert operator.types("journal", "export", str(file)).exit_code == 0
    key.write_text(operator.types("journal", "public-key").stdout)
    return file, key


def elsewhere(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """On another machine: no settings, no database, another folder."""
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, "journal", "verify", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_whole_journal_is_called_so_and_how_far_it_is_signed(keeper: Operator) -> None:
    typed = keeper.types("journal", "verify")

    assert (typed.exit_code, typed.stderr) == (0, "")
    assert typed.stdout == (
        "Le journal est entier. Lignes : 5. Têtes signées vérifiées : 1.\n"
        "Signé jusqu'à la ligne 4. Lignes plus récentes, que seule la chaîne protège : 1.\n"
    )


def test_without_a_key_the_chain_is_checked_and_what_is_not_is_said(operator: Operator) -> None:
    appends(operator, 2)

    typed = operator.types("journal", "verify")

    assert (typed.exit_code, typed.stdout) == (
        0,
        "Le journal est entier. Lignes : 2. Têtes signées vérifiées : 0.\n",
    )
    assert typed.stderr.startswith("Les signatures n'ont pas été vérifiées")
    assert operator.types("journal", "sign").exit_code == 2


def test_a_row_that_was_altered_is_named_here_and_elsewhere(
    keeper: Operator, tmp_path: Path
) -> None:
    alters(keeper, "UPDATE journal SET kind = 'mandate.refused' WHERE seq = 3")
    file, key = exported(keeper)

    here = keeper.types("journal", "verify")
    there = elsewhere(tmp_path, "--export", str(file), "--public-key", str(key))

    assert (here.exit_code, there.returncode) == (1, 1)
    assert here.stderr == there.stderr
    assert here.stderr.startswith("Ligne 3 : ce n'est plus ce qui y a été inscrit.")
    assert "Comparez-la avec un export ou une sauvegarde d'avant." in here.stderr


def test_an_export_is_checked_elsewhere_without_settings_or_database(
    keeper: Operator, tmp_path: Path
) -> None:
    file, key = exported(keeper)

    (folder := tmp_path / "elsewhere").mkdir()

    there = elsewhere(folder, "--export", str(file), "--public-key", str(key))

    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout.startswith("Le journal est entier. Lignes : 5.")
    assert [*folder.iterdir()] == []


def test_an_end_that_was_cut_off_with_its_head_is_shown_by_the_head_kept_outside(
    keeper: Operator,
) -> None:
    with keeper.office.services.store.reading() as tx:
        [head] = tx.journal_heads.behind()
    mail = keeper.folder / "tete.eml"
    mail.write_text(f"Voici la tête.\n\n{head_line(head)}")
    alters(keeper, "DELETE FROM journal WHERE seq > 2", "DELETE FROM journal_heads")

    typed = keeper.types("journal", "verify", "--heads", str(mail))

    assert typed.exit_code == 1
    assert typed.stderr.startswith("Ligne 3 : elle manque, et tout ce qui la suivait.")
    assert "La tête signée n° 1, du mardi 24 novembre 2026" in typed.stderr


SAID: dict[str, tuple[tuple[str, ...], str]] = {
    "a row is gone": (("DELETE FROM journal WHERE seq = 2",), "Ligne 2 : elle manque, alors"),
    "all heads are gone": (("DELETE FROM journal_heads",), "Ligne 5 : ni elle ni aucune avant"),
    "a head is another": (("UPDATE journal_heads SET at = at + 1",), "Tête n° 1 : sa signature"),
    "another key": (("UPDATE journal_heads SET key = 'b'",), "Tête n° 1 : elle est signée par une"),
    "a head out of any time": (
        ("UPDATE journal_heads SET at = 9223372036854775807",),
        "Tête n° 1 : sa signature",
    ),
}


@pytest.mark.parametrize(("done", "said"), SAID.values(), ids=SAID)
def test_whatever_is_wrong_is_said_in_french_with_what_to_do(
    keeper: Operator, done: tuple[str, ...], said: str
) -> None:
    alters(keeper, *done)

    typed = keeper.types("journal", "verify")

    assert (typed.exit_code, typed.stdout) == (1, "")
    assert typed.stderr.startswith(said)
    assert "Gardez une copie de la base" in typed.stderr


def test_a_guard_that_was_taken_off_is_named(keeper: Operator) -> None:
    with keeper.office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_no_delete")

    typed = keeper.types("journal", "verify")

    assert (typed.exit_code, typed.stdout) == (1, "")
    assert typed.stderr.startswith("Protection absente de la base : journal_no_delete.")


UNREADABLE: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (lambda text: text[: text.rindex('{"end"')], "le fichier est coupé avant sa fin"),
    "a line of it gone": (
        lambda text: "".join(
            text.splitlines(keepends=True)[:3] + text.splitlines(keepends=True)[4:]
        ),
        "ce n'est pas un export du journal",
    ),
    "something else": (lambda text: "Bonjour\n", "ligne 1 : ce n'est pas un export"),
    "a member more": (lambda text: text.replace('"seq":2', '"x":1,"seq":2'), "ligne 3"),
    "a number that is a text": (lambda text: text.replace('"seq":2', '"seq":"2"'), "ligne 3"),
}


@pytest.mark.parametrize(("change", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_export_is_told_so(
    keeper: Operator, change: Callable[[str], str], said: str
) -> None:
    file, key = exported(keeper)
    file.write_text(change(file.read_text()))

    typed = keeper.types("journal", "verify", "--export", str(file), "--public-key", str(key))

    assert (typed.exit_code, typed.stdout) == (2, "")
    assert said in typed.stderr


def test_an_export_without_a_key_or_with_another_file_for_one_is_refused(keeper: Operator) -> None:
    file, _ = exported(keeper)

    assert keeper.types("journal", "verify", "--export", str(file)).exit_code == 2
    typed = keeper.types("journal", "verify", "--export", str(file), "--public-key", str(file))
    assert (typed.exit_code, "pas une clé publique Ed25519" in typed.stderr) == (2, True)
    missing = keeper.types("journal", "verify", "--export", "/nowhere", "--public-key", str(file))
    assert missing.exit_code == 2


def test_after_a_change_of_keys_the_old_public_key_reads_the_old_heads(keeper: Operator) -> None:
    _, key = exported(keeper)
    archive = replace(keeper.office.services.archive, signer=SigningKey.made())
    keeper.works_with(archive=archive)
    assert keeper.types("journal", "sign").exit_code == 0

    assert keeper.types("journal", "verify").exit_code == 1
    assert keeper.types("journal", "verify", "--public-key", str(key)).exit_code == 0


def test_a_key_that_was_made_is_one_for_the_settings(operator: Operator, tmp_path: Path) -> None:
    typed = operator.types("journal", "key")

    name, _, made = typed.stdout.strip().partition("=")
    assert name == "JOURNAL_SIGNING_KEY"
    settings = Settings.read(
        {
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "b2f5ff47436671b6e533d8dc3614845d",
            "PUBLIC_BASE_URL": "https://permanence.example",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
            name: made,
        }
    )
    assert settings.journal_signing_key == made
    assert made not in repr(settings)
    assert SigningKey.parse(made).public in typed.stderr


def test_a_structure_has_its_extract_on_demand(keeper: Operator) -> None:
    file = keeper.folder / "gap.csv"

    typed = keeper.types("journal", "extract", "gap", str(file), "--since", "2026-11-24")

    assert (typed.exit_code, typed.stdout) == (0, f"C'est écrit : {file}.\n")
    text = file.read_bytes().decode("utf-8-sig")
    assert [line.split(";")[3] for line in text.split("\r\n")[1:-1]] == [
        "m0",
        "m1",
        "m2",
        "m3",
        "m0",
    ]
    none = keeper.folder / "none.csv"
    keeper.types("journal", "extract", "gap", str(none), "--until", "2026-11-23")
    assert len(none.read_text().splitlines()) == 1


def test_somebody_with_nothing_but_the_document_can_check_an_export(keeper: Operator) -> None:
    """docs/journal.md, followed to the letter and with none of our code."""
    file, key = exported(keeper)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [line["row"] for line in lines if "row" in line]
    [head] = [line["head"] for line in lines if "head" in line]

    def encoded(*fields: object) -> bytes:
        texts = [str(field).encode() for field in fields]
        return b"".join(len(text).to_bytes(4, "big") + text for text in texts)

    previous = "0" * 64
    for place, row in enumerate(rows, start=1):
        facts = [part for name in sorted(row["facts"]) for part in (name, row["facts"][name])]
        told = (place, previous, row["kind"], row["at"], len(row["facts"]), *facts)
        previous = sha256(encoded("permanence-journal-1", *told)).hexdigest()
        assert (row["seq"], row["hash"]) == (place, previous)
    names = ("number", "after", "seq", "hash", "at", "prints", "key")
    public = load_pem_public_key(key.read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    signature = bytes.fromhex(head["signature"])
    public.verify(signature, encoded("permanence-journal-head-1", *(head[n] for n in names)))
    assert head["key"] == sha256(public.public_bytes_raw()).hexdigest()[:16]
    assert head["prints"] == "".join(row["hash"][:16] for row in rows[head["after"] : head["seq"]])
    assert (lines[0], lines[-1]) == ({"format": "permanence-journal-1"}, {"end": len(rows)})
