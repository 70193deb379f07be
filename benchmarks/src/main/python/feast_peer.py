"""Feast, driven over its standard input and output: the peer of `benchmarks/compare features`.

    python feast_peer.py DATA SCRATCH

DATA is what feast_data.py wrote; SCRATCH is emptied and holds Feast's registry and SQLite file. One JSON object a line
goes in, one comes out; the first says {"ready": true}. A command that fails answers {"error": "..."}.

    {"command": "join"}                           every flight with the weather: {"seconds": s, "rows": n}
    {"command": "join", "questions": "1m"}        entities-1m.parquet with features-1m.parquet
    {"command": "join-values", "file": "x.parquet"}, also with "questions"
                                                  the joined values, ordered by row: {"rows": n}
    {"command": "materialize", "rows": 100000}    the first rows of online-1m.parquet into an empty online store:
                                                  {"seconds": s, "rows": n, "rate": n/s}
    {"command": "online", "calls": 2000}          one key a call of those materialized, 4 features:
                                                  {"p50": s, "p99": s, "mean": s, "calls": n}, in seconds
    {"command": "online-values", "keys": [1, 2]}  {"values": [[f0, f1, f2, f3], ...]}, null where there is none
    {"command": "versions"}                       {"feast": "...", "duckdb": "...", ...}
    {"command": "quit"}                           ends, as does the end of the input
"""

import os

os.environ["FEAST_USAGE"] = "False"
# Feast compares some times in the session's zone.
os.environ["TZ"] = "UTC"

import shutil
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.types import Float64

from peer import serve

COMMANDS = ("join", "join-values", "materialize", "online", "online-values", "versions")
PACKAGES = ("feast", "duckdb", "ibis-framework", "pyarrow", "pandas", "protobuf")
WEATHER = ("temperature", "wind_speed", "visibility", "humidity")
NUMBERS = ("f0", "f1", "f2", "f3")
WEATHER_TTL = timedelta(hours=3)
# Beyond the 30 days of the synthetic data: the latest value, however old.
KEY_TTL = timedelta(days=60)
# Without it Feast converts the first chunk of an Arrow table only, and drops the others in silence.
WRITE_BATCH = 10_000
ONLINE_START = datetime(2023, 11, 1, tzinfo=timezone.utc)
ONLINE_END = datetime(2024, 1, 1, tzinfo=timezone.utc)
WARM_UP = 500


class Peer:

    def __init__(self, data, scratch):
        self.data = data
        self.scratch = os.path.abspath(scratch)
        shutil.rmtree(self.scratch, ignore_errors=True)
        os.makedirs(self.scratch)
        self.store = FeatureStore(config=RepoConfig(
            project="benchmark",
            provider="local",
            registry={"path": self.path("registry.db"), "cache_ttl_seconds": 0},
            offline_store={"type": "duckdb"},
            online_store={"type": "sqlite", "path": self.path("online.db")},
            entity_key_serialization_version=3,
            materialization={"online_write_batch_size": WRITE_BATCH, "pull_latest_features": True},
        ))
        self.airport = Entity(name="airport", join_keys=["origin"], value_type=ValueType.STRING)
        self.key = Entity(name="key", join_keys=["key"], value_type=ValueType.INT64)
        self.weather = self.view(
            "weather", self.airport, WEATHER, WEATHER_TTL, self.source("weather.parquet", "observed_at"))
        self.numbers = self.view(
            "numbers", self.key, NUMBERS, KEY_TTL, self.source("features-1m.parquet", "event_time"))
        self.store.apply([self.airport, self.key, self.weather, self.numbers])
        self.questions = {}
        self.materialized = None

    def path(self, name):
        return os.path.join(self.scratch, name)

    def source(self, name, timestamp):
        return FileSource(path=os.path.abspath(os.path.join(self.data, name)), timestamp_field=timestamp)

    @staticmethod
    def view(name, entity, features, ttl, source, online=False):
        return FeatureView(
            name=name, entities=[entity], ttl=ttl, schema=[Field(name=f, dtype=Float64) for f in features],
            source=source, online=online)

    def asked(self, name):
        """The questions as a DataFrame, read before anything is timed."""
        if name not in self.questions:
            file, key = ("flights", "origin") if name == "flights" else ("entities-" + name, "key")
            table = pq.read_table(os.path.join(self.data, file + ".parquet"), columns=["row", key, "asked_at"])
            self.questions = {name: table.to_pandas().rename(columns={"asked_at": "event_timestamp"})}
        return self.questions[name]

    def joined(self, name):
        if name == "flights":
            features = ["weather:" + f for f in WEATHER]
        else:
            features = ["numbers:" + f for f in NUMBERS]
        return self.store.get_historical_features(entity_df=self.asked(name), features=features).to_arrow()

    def join(self, questions="flights"):
        rows = len(self.asked(questions))
        start = time.perf_counter()
        table = self.joined(questions)
        seconds = time.perf_counter() - start
        if table.num_rows != rows:
            raise ValueError(f"{rows} questions, {table.num_rows} answers")
        return {"seconds": seconds, "rows": table.num_rows}

    def join_values(self, file, questions="flights"):
        table = self.joined(questions).sort_by("row")
        names = WEATHER if questions == "flights" else NUMBERS
        pq.write_table(table.select(["row", *names]), file, compression="zstd")
        return {"rows": table.num_rows}

    def materialize(self, rows):
        table = pq.read_table(os.path.join(self.data, "online-1m.parquet")).slice(0, rows)
        pq.write_table(table, self.path("online.parquet"), compression="zstd")
        if self.materialized is not None:
            self.store.apply([], objects_to_delete=[self.served], partial=False)
        self.served = self.view(
            "served", self.key, NUMBERS, timedelta(0), self.source(self.path("online.parquet"), "event_time"), True)
        self.store.apply([self.served])
        start = time.perf_counter()
        self.store.materialize(start_date=ONLINE_START, end_date=ONLINE_END, feature_views=["served"])
        seconds = time.perf_counter() - start
        self.materialized = table.column("key").to_numpy()
        with closing(sqlite3.connect(self.path("online.db"))) as online:
            written, = online.execute("SELECT count(*) FROM benchmark_served").fetchone()
        if written != table.num_rows * len(NUMBERS):
            raise ValueError(f"{table.num_rows} rows of {len(NUMBERS)} features, {written} values materialized")
        return {"seconds": seconds, "rows": table.num_rows, "rate": table.num_rows / seconds}

    def served_features(self, keys):
        return self.store.get_online_features(
            features=["served:" + f for f in NUMBERS], entity_rows=[{"key": key} for key in keys])

    def online(self, calls):
        keys = np.random.default_rng(1).choice(self.materialized, WARM_UP + calls).tolist()
        seconds = []
        for key in keys:
            start = time.perf_counter()
            self.served_features([key]).to_dict()
            seconds.append(time.perf_counter() - start)
        p50, p99 = np.percentile(seconds[WARM_UP:], [50, 99])
        return {"p50": p50, "p99": p99, "mean": float(np.mean(seconds[WARM_UP:])), "calls": calls}

    def online_values(self, keys):
        values = self.served_features(keys).to_dict()
        return {"values": [list(row) for row in zip(*(values[f] for f in NUMBERS))]}

    @staticmethod
    def versions():
        return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    time.tzset()
    serve(lambda: Peer(sys.argv[1], sys.argv[2]), COMMANDS)
