"""Writes event-1.hex: stored events of version 1, one a line, from the text of EventCodec's Javadoc alone.

Columns of the view: number FLOAT64, whole INT64, time TIMESTAMP, truth BOOLEAN, text STRING.
The file is kept as it is for good; a new version of the form gets a new file and a new script.
"""

import pathlib
import struct


def event(number, whole, micros, truth, text):
    return (
        b"\x01"
        + value(number, lambda v: struct.pack(">d", v))
        + value(whole, lambda v: struct.pack(">q", v))
        + value(micros, lambda v: struct.pack(">q", v))
        + value(truth, lambda v: b"\x01" if v else b"\x00")
        + value(text, lambda v: struct.pack(">i", len(v.encode())) + v.encode())
    )


def value(given, packed):
    return b"\x00" if given is None else b"\x01" + packed(given)


EVENTS = [
    event(1.5, -7, 1_357_041_600_000_001, True, "JFK"),
    event(None, None, None, None, None),
    event(-0.0, -(2**63), -1, False, ""),
    event(float("inf"), 2**63 - 1, 0, True, "Z\u00fcrich \U0001f600"),
    event(float("nan"), 0, 1, None, "a\0b"),
]

target = pathlib.Path(__file__).with_name("event-1.hex")
target.write_text("".join(one.hex() + "\n" for one in EVENTS), encoding="ascii")
