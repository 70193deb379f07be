"""Computes the digest of a dataset from its documented layout (DatasetDigest.java), with hashlib alone.

Writes digest-golden.csv, the values, and digest-golden.sha256, their digest, beside itself.
Run with any Python from 3.8: python3 dataset_digest.py
"""

import hashlib
import struct
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).parent
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

COLUMNS = [
    ("wind_speed", "FLOAT64"),
    ("flight", "INT64"),
    ("late", "BOOLEAN"),
    ("Ziel \u65e5", "STRING"),
    ("observed_at", "TIMESTAMP"),
]
NAN = float("nan")
INF = float("inf")
ROWS = [
    (10.357019999999999, 1545, True, "JFK", datetime(2013, 1, 1, 10, 15, tzinfo=timezone.utc)),
    (None, None, None, None, None),
    (NAN, -(2**63), False, "", datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc)),
    (-0.0, 2**63 - 1, True, 'M\u00fcnchen, "Erding"\n\U0001F6EB', EPOCH),
    (INF, 0, None, "JFK", datetime(2013, 3, 10, 7, 0, 0, 123456, tzinfo=timezone.utc)),
    (-INF, -1, False, None, datetime(1, 1, 1, tzinfo=timezone.utc)),
    (5e-324, 42, True, "\u00e9", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc)),
]


def text(value):
    utf8 = value.encode("utf-8")
    return struct.pack(">q", len(utf8)) + utf8


def micros(instant):
    return (instant - EPOCH) // timedelta(microseconds=1)


def encoded(kind, value):
    if value is None:
        return b"\x00"
    if kind == "FLOAT64":
        bits = b"\x7f\xf8" + b"\x00" * 6 if value != value else struct.pack(">d", value)
    elif kind == "INT64":
        bits = struct.pack(">q", value)
    elif kind == "BOOLEAN":
        bits = b"\x01" if value else b"\x00"
    elif kind == "STRING":
        bits = text(value)
    else:
        bits = struct.pack(">q", micros(value))
    return b"\x01" + bits


def digest(columns, rows):
    sha256 = hashlib.sha256(b"\x01" + struct.pack(">qq", len(columns), len(rows)))
    for position, (name, kind) in enumerate(columns):
        sha256.update(text(name) + text(kind))
        for row in rows:
            sha256.update(encoded(kind, row[position]))
    return sha256.hexdigest()


def cell(kind, value):
    if value is None:
        return ""
    if kind == "BOOLEAN":
        return "true" if value else "false"
    if kind == "TIMESTAMP":
        return value.strftime("%Y").zfill(4) + value.strftime("-%m-%dT%H:%M:%S.%fZ")
    if kind == "STRING":
        return '"' + value.replace('"', '""') + '"'
    return repr(value)


with open(HERE / "digest-golden.csv", "w", encoding="utf-8", newline="\n") as target:
    target.write(",".join(name for name, _ in COLUMNS) + "\n")
    for row in ROWS:
        cells = [cell(kind, value) for (_, kind), value in zip(COLUMNS, row)]
        target.write(",".join(cells) + "\n")
with open(HERE / "digest-golden.sha256", "w", encoding="ascii", newline="\n") as target:
    target.write(digest(COLUMNS, ROWS) + "\n")
    target.write(digest(COLUMNS, []) + "\n")
