"""On what an agent is rung."""

import pytest

from dispatcher.domain.channels import Channel, Via, rung_via


@pytest.mark.parametrize(
    ("channel", "telephone", "awake", "rings"),
    [
        (Channel.TELEPHONE, True, True, Via.TELEPHONE),
        (Channel.TELEPHONE, True, False, Via.TELEPHONE),
        (Channel.TELEPHONE, False, True, None),
        (Channel.BROWSER, True, True, Via.BROWSER),
        (Channel.BROWSER, True, False, None),
        (Channel.BROWSER, False, False, None),
        (Channel.EITHER, True, True, Via.BROWSER),
        (Channel.EITHER, True, False, Via.TELEPHONE),
        (Channel.EITHER, False, True, Via.BROWSER),
        (Channel.EITHER, False, False, None),
    ],
)
def test_a_browser_rings_while_a_page_is_alive_and_nothing_rings_that_nobody_chose(
    channel: Channel, telephone: bool, awake: bool, rings: Via | None
) -> None:
    assert rung_via(channel, telephone=telephone, awake=awake) is rings
