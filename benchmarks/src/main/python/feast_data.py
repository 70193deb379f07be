"""Writes the Parquet files that both sides of `benchmarks/compare features` read.

    python feast_data.py DIRECTORY

Every time is in microseconds, UTC. The flights of 2013 are the examples' files (see examples/data/flights-data.md), whose
times are already the right instants on either side of daylight saving; the rest is drawn from a fixed seed.

    flights.parquet       336,776: row, origin, asked_at (an hour before the scheduled departure), carrier, flight,
                          destination, distance_miles
    weather.parquet       26,115: origin, observed_at (no pair twice), temperature, wind_speed, visibility, humidity
    departures.parquet    328,521 in the order in which they left: event_id (the flight's row), origin, departed_at,
                          departure_delay in minutes
    features-1m.parquet   1,000,000 events of 100,000 keys within 30 days, in the order of their times, no (key, time)
                          twice: key, event_time, f0 .. f3
    entities-….parquet    1, 3 and 10 million questions: row, key, asked_at within the same 30 days, in no order
    online-1m.parquet     1,000,000 keys, each once, in no order: key, event_time, f0 .. f3

Synthetic times are whole seconds, so that a few questions are asked at the very time of an event.
"""

import os
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

FLIGHTS = os.path.join(
    os.path.dirname(os.path.abspath(__file__)),
    "../../../../examples/src/main/resources/dev/mlops4j/examples/flights")
HOUR = pd.Timedelta(hours=1)
TIME = pa.timestamp("us", tz="UTC")
WEATHER = ["temperature", "wind_speed", "visibility", "humidity"]

SEED = 20130101
KEYS = 100_000
EVENTS = 1_000_000
ONLINE = 1_000_000
START = 1_700_000_000
SECONDS = 30 * 24 * 3600
QUESTIONS = {"1m": 1_000_000, "3m": 3_000_000, "10m": 10_000_000}


def write(root, name, table):
    pq.write_table(table, os.path.join(root, name + ".parquet"), compression="zstd")


def read(name, time):
    return pd.read_csv(os.path.join(FLIGHTS, name), parse_dates=[time], float_precision="round_trip")


def flights(root):
    rows = read("flights.csv.gz", "scheduled_departure")
    scheduled = rows.scheduled_departure
    assert len(rows) == 336_776 and str(scheduled.dt.tz) == "UTC"
    number = np.arange(len(rows), dtype=np.int64)
    write(root, "flights", pa.table({
        "row": number,
        "origin": pa.array(rows.origin),
        "asked_at": pa.array(scheduled - HOUR, TIME),
        "carrier": pa.array(rows.carrier),
        "flight": pa.array(rows.flight, pa.int64()),
        "destination": pa.array(rows.destination),
        "distance_miles": pa.array(rows.distance_miles, pa.int64()),
    }))

    left = pd.DataFrame({
        "event_id": number,
        "origin": rows.origin,
        "departed_at": scheduled + pd.to_timedelta(rows.departure_delay, unit="min"),
        "departure_delay": rows.departure_delay.astype(float),
    })[rows.departure_delay.notna()].sort_values(["departed_at", "event_id"])
    assert len(left) == 328_521
    write(root, "departures", pa.table({
        "event_id": pa.array(left.event_id, pa.int64()),
        "origin": pa.array(left.origin),
        "departed_at": pa.array(left.departed_at, TIME),
        "departure_delay": pa.array(left.departure_delay, pa.float64()),
    }))


def weather(root):
    rows = read("weather.csv.gz", "observed_at")
    rows = rows.drop_duplicates(["origin", "observed_at"], keep="first")
    assert len(rows) == 26_115 and str(rows.observed_at.dt.tz) == "UTC"
    columns = {"origin": pa.array(rows.origin), "observed_at": pa.array(rows.observed_at, TIME)}
    # From pandas a missing number becomes a null, not NaN.
    columns |= {name: pa.array(rows[name], pa.float64(), from_pandas=True) for name in WEATHER}
    write(root, "weather", pa.table(columns))


def times(seconds):
    return pa.array((START + seconds.astype(np.int64)) * 1_000_000).cast(TIME)


def doubles(random, rows):
    return {f"f{i}": random.standard_normal(rows) for i in range(4)}


def synthetic(root):
    random = np.random.default_rng(SEED)
    pairs = np.empty(0, np.int64)
    while len(pairs) < EVENTS:
        drawn = random.integers(0, KEYS * SECONDS, EVENTS - len(pairs), dtype=np.int64)
        pairs = np.unique(np.concatenate([pairs, drawn]))
    # By time, and by key within a second.
    seconds, keys = np.divmod(pairs, KEYS)
    write(root, "features-1m", pa.table(
        {"key": keys, "event_time": times(seconds)} | doubles(random, EVENTS)))
    for name, rows in QUESTIONS.items():
        write(root, "entities-" + name, pa.table({
            "row": np.arange(rows, dtype=np.int64),
            "key": random.integers(0, KEYS, rows, dtype=np.int64),
            "asked_at": times(random.integers(0, SECONDS, rows)),
        }))
    write(root, "online-1m", pa.table(
        {"key": random.permutation(ONLINE).astype(np.int64), "event_time": times(random.integers(0, SECONDS, ONLINE))}
        | doubles(random, ONLINE)))


def main():
    root = sys.argv[1]
    os.makedirs(root, exist_ok=True)
    flights(root)
    weather(root)
    synthetic(root)


if __name__ == "__main__":
    main()
