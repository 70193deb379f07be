"""Computes the digest of a dataset with an array of floats from its documented layout (DatasetDigest.java).

Writes digest-golden-floats.csv, the values, and digest-golden-floats.sha256, their digest, beside itself.
Run with any Python from 3.8: python3 dataset_digest_floats.py
"""

import hashlib
import struct
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = [("item", "STRING"), ("embedding", "FLOATS(3)")]
ROWS = [
    ("a", (0.5, -1.25, 3.0)),
    ("b", None),
    ("c", (float("nan"), float("inf"), -0.0)),
    ("d", (1.401298464324817e-45, 0.10000000149011612, 3.4028234663852886e38)),
]


def text(value):
    utf8 = value.encode("utf-8")
    return struct.pack(">q", len(utf8)) + utf8


def number(value):
    return b"\x7f\xc0\x00\x00" if value != value else struct.pack(">f", value)


def encoded(kind, value):
    if value is None:
        return b"\x00"
    return b"\x01" + (text(value) if kind == "STRING" else b"".join(map(number, value)))


sha256 = hashlib.sha256(b"\x01" + struct.pack(">qq", len(COLUMNS), len(ROWS)))
for position, (name, kind) in enumerate(COLUMNS):
    sha256.update(text(name) + text(kind))
    for row in ROWS:
        sha256.update(encoded(kind, row[position]))

with open(HERE / "digest-golden-floats.csv", "w", encoding="ascii", newline="\n") as target:
    target.write("item,embedding\n")
    for item, values in ROWS:
        cell = "" if values is None else '"[' + ", ".join(map(repr, values)) + ']"'
        target.write(item + "," + cell + "\n")
with open(HERE / "digest-golden-floats.sha256", "w", encoding="ascii", newline="\n") as target:
    target.write(sha256.hexdigest() + "\n")
