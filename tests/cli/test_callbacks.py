"""``dispatcher callbacks redirect``: what a supervisor types of a request that is another service's."""

import pytest

from tests.cli.operators import Operator
from tests.people import ROSE

pytestmark = pytest.mark.parametrize("desk_url", ["sqlite"], indirect=True)


def test_a_callback_is_redirected_once_and_leaves_the_desk(operator: Operator) -> None:
    async def rose() -> None:
        call = await operator.office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    operator.office.run(rose())
    [kept] = operator.reads_json("queue")["callbacks"]

    done = operator.types("callbacks", "redirect", kept["callback"], "--to", "La mairie")
    again = operator.types("callbacks", "redirect", kept["callback"])

    assert (done.exit_code, "un autre service s'en charge" in done.stdout) == (0, True)
    assert "mairie" not in done.stdout
    assert (again.exit_code, again.stderr.count("déjà clos")) == (1, 1)
    assert operator.reads_json("queue")["callbacks"] == []
