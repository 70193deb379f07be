"""Reads exports of training sets with pandas and says "ok ..." for everything that is as it should be.

    training_export.py PARQUET_DIRECTORY CSV_DIRECTORY FILE

writes FILE as pandas writes one, for the way back.
"""

import hashlib
import json
import pathlib
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def check(what, condition):
    print(("ok " if condition else "WRONG ") + what)


def manifest_of(directory):
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    file = directory / manifest["data"]["file"]
    content = file.read_bytes()
    name = manifest["data"]["file"]
    check(name + ": SHA-256", hashlib.sha256(content).hexdigest() == manifest["data"]["sha256"])
    check(name + ": bytes", len(content) == manifest["data"]["bytes"])
    return manifest, file


def values(name, frame, manifest):
    columns = [column["name"] for column in manifest["columns"]]
    check(name + ": columns", list(frame.columns) == columns)
    check(name + ": rows", len(frame) == manifest["data"]["rows"] == 4)
    check(name + ": sensitive left out", manifest["leftOutColumns"] == ["income"] and "income" not in columns)
    check(name + ": label", manifest["label"] == "late" and frame["late"].tolist() == [True, False, True, False])
    check(name + ": label's type", frame["late"].dtype == bool)
    check(name + ": numbers", frame["distance"].dtype == "float64" and frame["distance"].tolist()[:3] == [0.1, -0.0, 1e300])
    check(name + ": no number", pd.isna(frame["distance"][3]))
    check(name + ": texts", frame["carrier"].tolist()[:3] == ["UA", 'a "b", \nü🙂', "UA"])
    check(name + ": no text", pd.isna(frame["carrier"][3]))
    check(name + ": instants' type", str(frame["asked_at"].dt.tz) == "UTC")
    check(
        name + ": instants",
        frame["asked_at"].tolist()
        == [
            pd.Timestamp("2013-01-01T10:15:00Z"),
            pd.Timestamp("2013-01-01T10:15:00.000001Z"),
            pd.Timestamp("1969-12-31T23:59:59.999999Z"),
            pd.Timestamp("2200-02-03T04:05:06Z"),
        ],
    )
    inputs = {one["name"]: one for one in manifest["signature"]["inputs"]}
    categories = pd.Categorical(frame["carrier"], categories=inputs["carrier"]["categories"])
    check(name + ": codes", list(categories.codes) == [0, 1, 0, -1])


parquet_manifest, parquet = manifest_of(pathlib.Path(sys.argv[1]))
types = pq.read_schema(parquet)
check("parquet: double", types.field("distance").type == pa.float64())
check("parquet: bool", types.field("late").type == pa.bool_())
check("parquet: string", types.field("carrier").type == pa.string())
check("parquet: timestamp", types.field("asked_at").type == pa.timestamp("us", tz="UTC"))
nulls = pq.read_table(parquet)
check("parquet: nulls", [nulls.column(name).null_count for name in ("distance", "carrier", "late")] == [1, 1, 0])
values("parquet", pd.read_parquet(parquet), parquet_manifest)

csv_manifest, csv = manifest_of(pathlib.Path(sys.argv[2]))
frame = pd.read_csv(csv, float_precision="round_trip")
frame["asked_at"] = pd.to_datetime(frame["asked_at"], format="ISO8601")
values("csv", frame, csv_manifest)
check("same rows", csv_manifest["data"]["digest"] == parquet_manifest["data"]["digest"])
check("same training set", csv_manifest["trainingSetDigest"] == parquet_manifest["trainingSetDigest"])

times = ["2013-01-01T10:15:00.123456789Z", "1969-12-31T23:59:59.999999999Z", None]
pd.DataFrame(
    {
        "x": [1.5, float("nan"), -0.0],
        "n": pd.array([1, None, -3], dtype="Int64"),
        "b": pd.array([True, None, False], dtype="boolean"),
        "c": pd.Categorical(["a", "ü", None]),
        "t": pd.to_datetime(times, format="ISO8601"),
    }
).to_parquet(sys.argv[3])
print("ok written by pandas")
