"""The same network on the wall's clock, over loopback HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from twilio.rest import Client
from werkzeug.serving import make_server

from dispatcher.simulator import (
    FastLoop,
    HttpPost,
    IncomingNumber,
    Kind,
    Network,
    answers,
)
from dispatcher.simulator.__main__ import main
from dispatcher.simulator.server import RestServer
from tests.simulator import toy as toys
from tests.simulator.toy import ACCOUNT, TOKEN, Toy

ROSE = "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"
SPEED = 20.0

SCENARIO = f"""
[[person]]
number = "{ROSE}"
name = "Rose (Gap)"

[[person]]
number = "{INES}"
name = "Inès"
when_rung = [ {{ answers = {{ after = 1, at = "tapez 1", talks_for = 3 }} }} ]

[[call]]
at = 0.5
from = "{ROSE}"
to = "{LINE}"
script = [ {{ hears = "code postal" }}, {{ presses = "05170" }}, {{ talks = 30, within = 30 }} ]
"""

PAGES: dict[str, toys.Page] = {
    "/voice": '<Gather action="/keyed" numDigits="5"><Say>Votre code postal</Say></Gather>',
    "/keyed": f'<Dial callerId="{LINE}"><Number url="/screen">{INES}</Number></Dial>',
    "/screen": '<Gather action="/pressed" numDigits="1"><Say>Tapez 1</Say></Gather><Hangup/>',
    "/pressed": "",
}


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    """The toy application behind a real web server."""
    toy = Toy(dict(PAGES))
    server = make_server("127.0.0.1", 0, toy, threaded=True)
    monkeypatch.setattr(toys, "BASE", f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield toy
    server.shutdown()
    server.server_close()
    thread.join()
    assert not toy.bad_signatures


@pytest.fixture
def network(toy: Toy) -> Iterator[Network]:
    post = HttpPost()
    line = IncomingNumber(f"{toys.BASE}/voice")
    loop = FastLoop(SPEED)
    with Network(post, {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN, loop=loop) as network:
        yield network
    post.close()


def test_a_call_is_lived_over_http(network: Network) -> None:
    network.phone(INES).when_rung(answers(after=1, at="tapez 1", talks_for=3))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("code postal")
        await call.presses("05170")
        assert await call.talks_with_somebody(within=30) == INES
        await call.ends()

    network.run(rose(), settle=5)

    assert len(network.ledger.bridges(INES)) == 1
    assert not network.ledger.failures()


def test_twilios_client_places_a_call_over_http(network: Network) -> None:
    network.phone(ROSE).when_rung(answers(after=1, presses=None, talks_for=None))
    server = RestServer(network)
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = server.url
    seen: list[str] = []

    def place() -> None:
        call = client.calls.create(to=ROSE, from_=LINE, url=f"{toys.BASE}/voice")
        while (status := client.calls(str(call.sid)).fetch().status) != "in-progress":
            time.sleep(0.05)
        client.calls(str(call.sid)).update(status="completed")
        seen.append(str(status))

    thread = threading.Thread(target=place)
    thread.start()
    network.run(until=lambda: bool(seen), settle=2)
    thread.join()
    server.close()

    assert network.ledger.of(Kind.ENDED)[0].detail == "completed"


def test_a_webhook_elsewhere_than_here_never_leaves(network: Network) -> None:
    network.numbers["*"] = IncomingNumber("http://192.0.2.1/voice")

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("application error")

    network.run(rose(), settle=2)

    assert "this machine only" in network.ledger.webhooks("/voice")[0].detail


def test_a_scenario_is_played_and_told(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(_arguments(tmp_path, SCENARIO))

    told = capsys.readouterr().out
    assert code == 0
    assert "Rose (Gap) entend : « Votre code postal »" in told
    assert "Inès tape 1" in told
    assert "Rose (Gap) a parlé avec Inès pendant 3 s" in told
    facts = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert {"bridged", "unbridged"} <= {json.loads(fact)["kind"] for fact in facts}


def test_a_caller_of_a_scenario_speaks(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toy.pages["/voice"] = (
        '<Gather input="speech" action="/keyed" speechTimeout="auto"><Say>Où ?</Say></Gather>'
    )
    scenario = SCENARIO.replace('hears = "code postal"', 'hears = "où"')
    scenario = scenario.replace('presses = "05170"', 'says = "Orcières"')

    code = main(_arguments(tmp_path, scenario))

    assert code == 0
    assert toy.forms("/keyed")[0]["SpeechResult"] == "Orcières"
    assert "Rose (Gap) dit : « Orcières »" in capsys.readouterr().out


def test_a_scenario_whose_caller_waits_in_vain_fails(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = SCENARIO.replace('hears = "code postal"', 'hears = "bonsoir", within = 3')

    code = main(_arguments(tmp_path, scenario))

    assert code == 1
    assert "Attendu et non vécu : Rose (Gap)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("[[call]]\nat = 1", "from is missing"),
        ('[[person]]\nnumber = "+33199000001"\nwhen_rung = ["sings"]', "behaves as 'sings'"),
        ('[[call]]\nat = 1\nfrom = "a"\nto = "b"\nscript = ["sings"]', "is no step"),
        ('[[person]]\nnumber = "+33199000001"\nage = 80', "age is not known"),
        ("lasts = ", "Invalid value"),
    ],
)
def test_a_bad_scenario_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, complaint: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(_arguments(tmp_path, row))

    assert complaint in capsys.readouterr().err


def test_credentials_that_others_may_read_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = _arguments(tmp_path, SCENARIO)
    (tmp_path / "credentials.json").chmod(0o644)

    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert "chmod 600" in capsys.readouterr().err


def test_a_public_address_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*_arguments(tmp_path, SCENARIO), "--status-url", "https://permanence.example/x"])

    assert "this machine only" in capsys.readouterr().err


def _arguments(folder: Path, scenario: str) -> list[str]:
    credentials = folder / "credentials.json"
    credentials.write_text(json.dumps({"account_sid": ACCOUNT, "auth_token": TOKEN}))
    credentials.chmod(0o600)
    (folder / "scenario.toml").write_text(scenario, encoding="utf-8")
    return [
        *("--voice-url", _voice_url()),
        *("--credentials", str(credentials)),
        *("--play", str(folder / "scenario.toml")),
        *("--ledger", str(folder / "ledger.jsonl")),
        *("--speed", str(SPEED)),
    ]


def _voice_url() -> str:
    """The toy's own address while it runs, any address here otherwise."""
    return f"{toys.BASE}/voice" if "127.0.0.1" in toys.BASE else "http://127.0.0.1:9/voice"
