"""A request that is doubled at the very same moment."""

from dispatcher.simulator.wire.faults import Fate, Faults


def test_twins_come_as_often_as_their_chance_says_and_shift_no_other_fault() -> None:
    always, never = Faults(seed=4, twins=1.0), Faults(seed=4, duplicate=0.5)
    as_before = Faults(seed=4, duplicate=0.5, twins=0.0)

    assert [always.voice_fate()[1] for _ in range(20)] == [Fate.TWINS] * 20
    assert [never.voice_fate() for _ in range(20)] == [as_before.voice_fate() for _ in range(20)]
