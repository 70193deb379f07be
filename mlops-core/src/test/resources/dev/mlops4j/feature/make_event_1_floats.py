"""Writes event-1-floats.hex: stored events of version 1 with an array, from the text of EventCodec's Javadoc alone.

Columns of the view: embedding FLOATS(3), text STRING.
The file is kept as it is for good; a new version of the form gets a new file and a new script.
"""

import pathlib
import struct


def event(embedding, text):
    return (
        b"\x01"
        + value(embedding, lambda v: struct.pack(">i", len(v)) + struct.pack("<%df" % len(v), *v))
        + value(text, lambda v: struct.pack(">i", len(v.encode())) + v.encode())
    )


def value(given, packed):
    return b"\x00" if given is None else b"\x01" + packed(given)


EVENTS = [
    event((1.5, -0.0, 0.1), "JFK"),
    event(None, "JFK"),
    event((float("nan"), float("-inf"), 1e-45), None),
]

target = pathlib.Path(__file__).with_name("event-1-floats.hex")
target.write_text("".join(one.hex() + "\n" for one in EVENTS), encoding="ascii")
