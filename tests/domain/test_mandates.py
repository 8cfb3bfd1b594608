"""A mandate as what happened to it has it: who may do what by it, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.agents import AgentId
from dispatcher.domain.consents import (
    WITHIN,
    Answer,
    Channel,
    Consent,
    ConsentId,
    Heard,
    Identity,
    hear,
    read_answer,
    read_reply,
)
from dispatcher.domain.grants import PROCEDURES, Duration, End, Grant, ends
from dispatcher.domain.holders import Declared, Holder, Refusal
from dispatcher.domain.mandates import Mandate, MandateId, Reference, Standing, State, may_use
from dispatcher.domain.matters import Topic
from dispatcher.domain.roles import Grant as RoleGrant
from dispatcher.domain.roles import Role

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
IDENTITY = "refaire sa carte d'identité"
ROLE = RoleGrant(Role.AUTHORISED, "orcieres")
INES = Holder(AgentId(1), "orcieres", "employed", (ROLE,), second_factor=True)


def a_grant(procedure: Topic = Topic.PAPERS, duration: Duration = Duration.MONTH) -> Grant:
    return Grant(procedure, IDENTITY, duration)


def a_mandate(*grants: Grant, **changes: object) -> Mandate:
    made = Mandate(
        id=MandateId("a" * 24),
        reference=Reference("7K3FabcdEFGH"),
        structure="orcieres",
        prepared_by=AgentId(1),
        prepared_at=AT,
        grants=grants or (a_grant(),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def given_at(at: datetime, *grants: Grant) -> Mandate:
    its = tuple(replace(each, until=ends(at, each.duration)) for each in grants or (a_grant(),))
    return a_mandate(*its, consented_at=at)


def asked(channel: Channel = Channel.CODE, **changes: object) -> Consent:
    made = Consent(
        id=ConsentId("c" * 24),
        mandate="a" * 24,
        channel=channel,
        asked_at=AT,
        until=AT + WITHIN[channel],
        identity=Identity.QUESTIONS,
        text_hash="",
        template="recap/1",
        word="7K3F",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_on", "duration", "until"),
    [
        # An hour before the clocks go back, and a day that has twenty-five.
        ("2026-10-24T21:30", Duration.DAY, "2026-10-25T23:00"),
        # The night in which they go forward: the last day has twenty-three hours.
        ("2026-03-28T12:00", Duration.DAY, "2026-03-29T22:00"),
        # Ten minutes before midnight in Paris: the day of the consent does not count.
        ("2026-11-24T22:50", Duration.DAY, "2026-11-25T23:00"),
        # Already tomorrow in Paris, not yet in UTC.
        ("2026-11-24T23:10", Duration.DAY, "2026-11-26T23:00"),
        ("2026-10-01T08:00", Duration.MONTH, "2026-11-01T23:00"),
        ("2026-11-24T09:30", Duration.HALF_YEAR, "2027-05-25T22:00"),
        ("2027-02-28T09:30", Duration.YEAR, "2028-02-28T23:00"),
        ("2026-11-24T09:30", Duration.PROCEDURE, "2027-11-24T23:00"),
    ],
)
def test_a_grant_ends_with_its_last_day_in_paris(
    given_on: str, duration: Duration, until: str
) -> None:
    given_at = datetime.fromisoformat(given_on).replace(tzinfo=UTC)

    assert ends(given_at, duration) == datetime.fromisoformat(until).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("holder", "refusal"),
    [
        (INES, None),
        (replace(INES, status="volunteer"), Refusal.VOLUNTEER),
        (replace(INES, status="civic_service"), Refusal.CIVIC_SERVICE),
        (replace(INES, status="elected"), Refusal.ELECTED),
        (replace(INES, status="trainee"), Refusal.TRAINEE),
        (replace(INES, grants=()), Refusal.NOT_AUTHORISED),
        (replace(INES, grants=(RoleGrant(Role.AGENT, "orcieres"),)), Refusal.NOT_AUTHORISED),
        (replace(INES, grants=(RoleGrant(Role.MANAGER, "orcieres"),)), Refusal.NOT_AUTHORISED),
        (replace(INES, grants=(RoleGrant(Role.AUTHORISED, "gap"),)), Refusal.NOT_AUTHORISED),
        (replace(INES, second_factor=False), Refusal.NO_SECOND_FACTOR),
    ],
)
def test_only_an_authorised_employee_with_a_second_factor_may(
    holder: Holder, refusal: Refusal | None
) -> None:
    assert holder.refusal == refusal


@pytest.mark.parametrize(
    ("of_age", "guardianship", "refusal"),
    [
        (True, False, None),
        (True, True, Refusal.GUARDIANSHIP),
        (False, False, Refusal.MINOR),
        (None, False, Refusal.UNASKED),
        (True, None, Refusal.UNASKED),
    ],
)
def test_who_has_a_guardian_or_is_a_minor_brings_them(
    of_age: bool | None, guardianship: bool | None, refusal: Refusal | None
) -> None:
    assert Declared(of_age, guardianship).refusal == refusal


@pytest.mark.parametrize(
    ("consents", "after", "state"),
    [
        ((), 0, State.DRAFT),
        ((asked(),), 60, State.RECAPPED),
        ((asked(questioned_at=AT),), 60, State.ASKED),
        ((asked(questioned_at=AT),), 24 * 3600, State.UNANSWERED),
        ((asked(Channel.VOICE, questioned_at=AT),), 30 * 60, State.UNANSWERED),
        ((asked(answer=Answer.UNCLEAR),), 60, State.UNCLEAR),
    ],
)
def test_before_the_consent_it_stands_as_its_newest_request_does(
    consents: tuple[Consent, ...], after: float, state: State
) -> None:
    found = a_mandate(consents=consents).state(AT + timedelta(seconds=after))

    assert found is state
    assert not found.holds


def test_each_end_has_its_name_and_the_gravest_wins() -> None:
    both = given_at(AT, a_grant(), a_grant(Topic.WELFARE, Duration.DAY))
    paper, welfare = both.grants

    def stands(*grants: Grant, days: float = 0.5) -> State:
        return replace(both, grants=grants).state(AT + timedelta(days=days))

    def ended(grant: Grant, end: End) -> Grant:
        return replace(grant, ended_at=AT, end=end)

    assert stands(paper, welfare) is State.ACTIVE
    assert stands(paper, welfare, days=3) is State.ACTIVE
    assert stands(paper, welfare, days=40) is State.EXPIRED
    assert stands(ended(paper, End.REVOKED), welfare) is State.PARTLY_REVOKED
    assert stands(ended(paper, End.REVOKED), welfare, days=3) is State.EXPIRED
    assert stands(ended(paper, End.REVOKED), ended(welfare, End.FINISHED)) is State.REVOKED
    for end in End:
        assert stands(ended(paper, end), ended(welfare, end)) == end.value
    assert stands(ended(paper, End.LAPSED), ended(welfare, End.REVOKED)) is State.LAPSED


def test_the_public_is_told_three_things_and_of_a_draft_nothing() -> None:
    held = given_at(AT)
    revoked = replace(held.grants[0], ended_at=AT, end=End.RENOUNCED)

    assert a_mandate().standing(AT) is None
    assert a_mandate(refused_at=AT).standing(AT) is None
    assert held.standing(AT) is Standing.VALID
    assert held.standing(AT + timedelta(days=40)) is Standing.EXPIRED
    assert replace(held, grants=(revoked,)).standing(AT) is Standing.REVOKED


_moments = st.integers(-2 * 86400, 400 * 86400).map(lambda s: AT + timedelta(seconds=s))
_grants = st.builds(
    Grant,
    st.sampled_from(PROCEDURES[:3]),
    st.just(IDENTITY),
    st.sampled_from(Duration),
    ended_at=st.none() | _moments,
    end=st.sampled_from(End),
)
_holders = st.builds(
    Holder,
    st.just(AgentId(1)),
    st.sampled_from(["orcieres", "gap"]),
    st.sampled_from(["employed", "employed", "volunteer", "elected"]),
    st.sampled_from([(ROLE,), (ROLE, RoleGrant(Role.AUTHORISED, "gap")), ()]),
    st.booleans(),
)


@given(
    st.lists(_grants, min_size=1, max_size=3, unique_by=lambda each: each.procedure),
    st.none() | _moments,
    st.sampled_from(PROCEDURES[:4]),
    _holders,
    _moments,
)
def test_nothing_is_done_outside_scope_dates_structure_and_role(
    grants: list[Grant],
    consented_at: datetime | None,
    procedure: Topic,
    holder: Holder,
    at: datetime,
) -> None:
    mandate = a_mandate(*grants) if consented_at is None else given_at(consented_at, *grants)
    given = {each.procedure: each for each in mandate.grants}

    allowed = may_use(mandate, procedure, holder, at=at) is None

    mine = holder.structure == mandate.structure
    able = (
        holder.status == "employed"
        and holder.second_factor
        and any(each.structure == holder.structure for each in holder.grants)
    )
    its = given.get(procedure)
    last = its.until if its is not None else None
    timely = (
        consented_at is not None
        and consented_at <= at
        and its is not None
        and last is not None
        and at < last
        and (its.ended_at is None or at < its.ended_at)
    )
    assert allowed == (mine and able and timely)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((each, Answer.YES) for each in ("Oui", "OUI !", "oui merci", "ok", "D’accord", "Ok oui")),
        *((each, Answer.YES) for each in ("J’accepte le mandat", "Oui, je suis d'accord. Merci")),
        *((each, Answer.NO) for each in ("Non", "NON merci", "Je refuse", "pas d’accord")),
        *((each, Answer.NO) for each in ("Non, je ne suis pas d'accord", "non non")),
        *((each, Answer.UNCLEAR) for each in ("", "👍", "oui et non", "oui mais", "ouii", "peut")),
        *((each, Answer.UNCLEAR) for each in ("STOP", "pas", "je ne refuse pas", "oui " * 60)),
        *((each, Answer.UNCLEAR) for each in ("1", "bonjour", "merci", "d", "accord")),
    ],
)
def test_yes_and_no_come_from_a_closed_list_and_all_else_is_neither(
    text: str, answer: Answer
) -> None:
    assert read_answer(text) is answer


@pytest.mark.parametrize(
    ("keys", "asking", "again", "heard"),
    [
        ("1", 0, 0, Heard.YES),
        ("2", 0, 0, Heard.NO),
        ("*", 0, 0, Heard.REPEAT),
        ("", 0, 0, Heard.ANEW),
        ("3", 0, 0, Heard.ANEW),
        ("#", 0, 0, Heard.ANEW),
        ("12", 0, 0, Heard.ANEW),
        ("9", 1, 1, Heard.ANEW),
        ("1", 2, 2, Heard.YES),
        ("*", 2, 2, Heard.REPEAT),
        ("9", 2, 2, Heard.UNCLEAR),
        ("", 2, 2, Heard.UNCLEAR),
        ("1", 0, 1, Heard.PAST),  # told twice, or late: the question was put anew since
        ("2", 1, 2, Heard.PAST),
        ("", 0, 1, Heard.PAST),
        ("1", 1, 0, Heard.PAST),
    ],
)
def test_a_key_answers_the_question_as_it_was_put_last(
    keys: str, asking: int, again: int, heard: Heard
) -> None:
    assert hear(keys, asking, again) is heard


def test_a_reply_names_the_request_it_is_about() -> None:
    words = frozenset({"7K3F", "9XQT"})

    named = read_reply("oui 7k3f", words)
    silent, both = read_reply("oui", words), read_reply("oui 7K3F 9XQT", words)

    assert (named.word, named.answer) == ("7K3F", Answer.YES)
    assert (silent.word, silent.answer) == (None, Answer.YES)
    assert both.word is None
    assert read_reply("oui 5555", words).answer is Answer.UNCLEAR


@pytest.mark.parametrize(
    ("duration", "days_left", "notice"),
    [
        (Duration.DAY, 0.5, None),
        (Duration.MONTH, 5.1, None),
        (Duration.MONTH, 5, 5),
        (Duration.MONTH, 0.1, 5),
        (Duration.YEAR, 30.1, None),
        (Duration.YEAR, 30, 30),
        (Duration.PROCEDURE, 8, 30),
        (Duration.HALF_YEAR, 7, 7),
        (Duration.HALF_YEAR, -1, None),
    ],
)
def test_its_house_is_told_some_days_before_the_end_of_what_is_long(
    duration: Duration, days_left: float, notice: int | None
) -> None:
    grant = replace(a_grant(duration=duration), until=AT)
    at = AT - timedelta(days=days_left)

    assert grant.notice(at) == notice
    assert replace(grant, ended_at=at, end=End.REVOKED).notice(at) is None
