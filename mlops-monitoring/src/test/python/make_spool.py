"""Writes ../resources/dev/mlops4j/monitoring/spool-1.bin, a segment of a spool in form 1.

Made from the description of the form (SpoolSegment, SpoolRecord), with a CRC-32C of its own, so that
the Java code is checked against something else than itself. Needs only Python's standard library.
"""

import pathlib
import struct

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283  # RFC 3720


def bytes_or_null(data):
    return struct.pack(">i", -1) if data is None else struct.pack(">i", len(data)) + data


def text(value):
    return bytes_or_null(None if value is None else value.encode("utf-8"))


def doubles(bits):
    return struct.pack(">i", len(bits)) + b"".join(struct.pack(">Q", each) for each in bits)


def bits(number):
    return struct.unpack(">Q", struct.pack(">d", number))[0]


def asked(id, version, asked_at, known_at, vector, output, arm, nanos, request, lookups):
    return (
        b"a"
        + text(id)
        + struct.pack(">iqq", version, asked_at, known_at)
        + doubles(vector)
        + doubles(output)
        + text(arm)
        + struct.pack(">q", nanos)
        + bytes_or_null(request)
        + bytes_or_null(lookups)
    )


def known(id, value, known_at):
    return b"k" + text(id) + text(value) + struct.pack(">q", known_at)


def failed(id, at):
    return b"f" + text(id) + struct.pack(">q", at)


def record(body):
    head = struct.pack(">II", len(body), crc32c(body))
    return head + struct.pack(">I", crc32c(head)) + body


def segment(bodies):
    delivered = struct.pack(">q", 24)
    head = b"M4JSPOOL" + struct.pack(">i", 1) + delivered + struct.pack(">I", crc32c(delivered))
    return head + b"".join(record(body) for body in bodies)


NAN = 0x7FF8000000000000
LEAST, MOST = -(2**63), 2**63 - 1

GOLDEN = segment(
    [
        asked(
            "parcel-1", 3, 1719792000000000, 1719792000000123,
            [bits(1.5), NAN, bits(-0.0), bits(float("-inf"))], [bits(0.25)], "champion", 1234, None, None,
        ),
        asked("über € 🚚", 0, -1, 0, [], [bits(0.1), bits(0.9)], "", 0, bytes([1, 2, 3]), None),
        asked("", 2**31 - 1, LEAST, MOST, [1], [], "canary", MOST, b"", bytes([9])),
        known("parcel-1", "true", 1719878400000000),
        failed("parcel-2", 1719792000000001),
        failed(None, 0),
    ]
)

if __name__ == "__main__":
    to = pathlib.Path(__file__).parent.parent / "resources/dev/mlops4j/monitoring/spool-1.bin"
    to.write_bytes(GOLDEN)
