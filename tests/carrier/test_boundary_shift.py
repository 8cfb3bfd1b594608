"""Twilio's signature says where no field ends: one moved to another place still fits (faults.md F5).

What is moved so may be refused or lost; it must never become another call, number or key.
"""

from hypothesis import assume, example, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from dispatcher.carrier import forms
from dispatcher.carrier.forms import BadForm
from dispatcher.carrier.signature import Signatures
from tests.office import BASE
from tests.simulator.toy import TOKEN

OURS = Signatures(TOKEN, BASE)
URL = "/voice/answer/1"
FORM = {
    "AccountSid": "AC" + "0" * 32,
    "CallSid": "CA" + "0123456789abcdef" * 2,
    "CallStatus": "in-progress",
    "Called": "+33199000100",
    "Digits": "05170",
    "Direction": "inbound",
    "ForwardedFrom": "+33465710001",
    "From": "+33199000001",
    "FromCity": "GAP",
    "To": "+33199000100",
    "ToCity": "",
}
SIGNATURE = RequestValidator(TOKEN).compute_signature(BASE + URL, FORM)
SIGNED = "".join(name + value for name, value in sorted(FORM.items()))
STARTS = [SIGNED.index(name + value) for name, value in sorted(FORM.items())]


@st.composite
def moved(draw: st.DrawFn) -> dict[str, str]:
    """The same signed text, cut into fields at other places."""
    shifts = st.integers(-8, 8) | st.just(0)
    starts = sorted({max(0, at + draw(shifts)) for at in STARTS if draw(st.booleans())} | {0})
    form = {}
    for start, end in zip(starts, [*starts[1:], len(SIGNED)], strict=True):
        field = SIGNED[start:end]
        whole = next((n for n in sorted(FORM, reverse=True) if field.startswith(n)), field[:4])
        cut = max(1, len(whole) + draw(shifts))
        form[field[:cut]] = field[cut:]
    return form


@given(moved())
@example({**{n: v for n, v in FORM.items() if n != "From"}, "Fro": "m+33199000001"})
@example(
    {n: v for n, v in FORM.items() if n not in {"ForwardedFrom", "From"}}
    | {"ForwardedFrom": "+33465710001From+33199000001"}
)
@example({n: v for n, v in FORM.items() if n != "ToCity"} | {"To": "+33199000100ToCity"})
def test_what_still_fits_the_signature_is_the_same_call_or_refused(form: dict[str, str]) -> None:
    assume(OURS.accepts(URL, MultiDict(form), SIGNATURE))

    try:
        call, answer = forms.incoming(form), forms.answer(form)
    except BadForm:
        return

    assert (call.sid, answer.sid) == (FORM["CallSid"], FORM["CallSid"])
    assert call.called == FORM["To"]
    assert call.number in {FORM["From"], None}
    assert call.forwarded_from in {FORM["ForwardedFrom"], None}
    assert (answer.keys.digits, answer.keys.again) in {(FORM["Digits"], False), ("", False)}


def test_the_two_shifts_that_were_measured_do_fit() -> None:
    """Else the test above would look at nothing."""
    shifted = {n: v for n, v in FORM.items() if n != "From"} | {"Fro": "m+33199000001"}
    folded = {n: v for n, v in FORM.items() if n != "CallStatus"}
    folded["CallSid"] = FORM["CallSid"] + "CallStatus" + FORM["CallStatus"]

    assert OURS.accepts(URL, MultiDict(shifted), SIGNATURE)
    assert OURS.accepts(URL, MultiDict(folded), SIGNATURE)
