"""Sound files as short as files can be."""

import os
from pathlib import Path

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)
MP3 = b"ID3\x04" + bytes(20)
MP3_BARE = b"\xff\xfb\x90\x00" + bytes(20)
M4A = b"\x00\x00\x00\x20ftypM4A " + bytes(20)


def record(folder: Path, *names: str, sound: bytes | None = None) -> None:
    """Lay these files in the folder, each a sound of its kind."""
    for name in names:
        (folder / name).write_bytes(sound or (WAV if name.lower().endswith("wav") else MP3))


def settle(folder: Path) -> None:
    """The folder changed long ago: its date alone tells whether it changed since."""
    os.utime(folder, ns=(1_000_000_000, 1_000_000_000))
