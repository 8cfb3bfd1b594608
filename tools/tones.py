"""Make the tones that a browser plays: ``python tools/tones.py dispatcher/web/static/tones``.

Keys sound as the two tones of each that every telephone knows (ITU-T Q.23). They are made here, so
that nothing is fetched from elsewhere and nobody else's licence goes with them.
"""

from __future__ import annotations

import io
import math
import sys
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

RATE: Final = 8000
LOUD: Final = 40
SILENCE: Final = 128
ROWS: Final = (697, 770, 852, 941)
COLUMNS: Final = (1209, 1336, 1477)
KEYS: Final = ("123", "456", "789", "*0#")
NAMES: Final = {"*": "star", "#": "hash"}

Part = tuple[Sequence[int], float]
"""Frequencies heard together, and for how many seconds."""


def tones() -> dict[str, bytes]:
    """Every tone, by the name of its file."""
    found = {
        f"key-{NAMES.get(key, key)}.wav": _sound([((row, column), 0.15)])
        for row, keys in zip(ROWS, KEYS, strict=True)
        for column, key in zip(COLUMNS, keys, strict=True)
    }
    bell: list[Part] = [((660,), 0.4), ((), 0.2), ((880,), 0.4), ((), 1.5)]
    found["bell.wav"] = _sound(bell)
    found["over.wav"] = _sound([((440,), 0.2), ((), 0.1), ((440,), 0.2)])
    return found


def _sound(parts: Sequence[Part]) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(bytes(sample for part in parts for sample in _samples(*part)))
    return made.getvalue()


def _samples(together: Sequence[int], seconds: float) -> Iterator[int]:
    count = round(RATE * seconds)
    for at in range(count):
        edge = min(1.0, at / 80, (count - at) / 80)  # no click at either end
        waves = (math.sin(2 * math.pi * each * at / RATE) for each in together)
        yield SILENCE + round(edge * LOUD * sum(waves))


if __name__ == "__main__":
    for name, sound in tones().items():
        (Path(sys.argv[1]) / name).write_bytes(sound)
