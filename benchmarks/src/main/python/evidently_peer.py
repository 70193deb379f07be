"""Evidently, driven over its standard input and output: the peer of `benchmarks/compare drift` and `... calibration`.

    python evidently_peer.py DATA

DATA has reference.csv and current.csv. One JSON object a line goes in, one comes out; the first says {"ready": true}. A
command that fails answers {"error": "..."}.

    {"command": "report"}    Report([DataDriftPreset()]) of both, which are Datasets before the clock starts:
                             {"seconds": s, "columns": {name: {"method": "...", "value": x}}}
    {"command": "judge", "file": "...", "reference": n, "current": m, "count": k, "kind": "numbers"}
                             the default test of each column of draws.py: {"alerts": [true, ...], "failed": n}, null where it fails
    {"command": "versions"}  {"evidently": "...", ...}
    {"command": "quit"}      ends, as does the end of the input
"""

import os

os.environ["DO_NOT_TRACK"] = "1"

import sys
import time
from importlib.metadata import version

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType
from evidently.presets import DataDriftPreset

import draws
from peer import serve

COMMANDS = ("report", "judge", "versions")
PACKAGES = ("evidently", "numpy", "pandas", "scipy")
CATEGORIES = ["carrier", "origin", "destination"]


class Peer:

    def __init__(self, data):
        self.data = data
        self.samples = None

    def report(self):
        if self.samples is None:
            self.samples = [self.read(name) for name in ("current", "reference")]
        start = time.perf_counter()
        snapshot = Report([DataDriftPreset()]).run(*self.samples)
        seconds = time.perf_counter() - start
        columns = {}
        for metric in snapshot.dict()["metrics"]:
            config = metric["config"]
            if config["type"] == "evidently:metric_v2:ValueDrift":
                columns[config["column"]] = {"method": config["method"], "value": float(metric["value"])}
        return {"seconds": seconds, "columns": columns}

    def read(self, name):
        rows = pd.read_csv(os.path.join(self.data, name + ".csv"), keep_default_na=False, na_values=[""])
        numbers = [column for column in rows.columns if column not in CATEGORIES]
        definition = DataDefinition(numerical_columns=numbers, categorical_columns=CATEGORIES)
        return Dataset.from_pandas(rows, data_definition=definition)

    @staticmethod
    def judge(file, reference, current, count, kind):
        feature = ColumnType.Categorical if kind == "categories" else ColumnType.Numerical
        alerts, failed = [], 0
        for before, now in draws.columns(file, reference, current, count, kind):
            try:
                # As evidently.legacy.calculations.data_drift.get_one_column_drift does.
                before, now = (s.replace([-np.inf, np.inf], np.nan).dropna() for s in (before, now))
                test = get_stattest(before, now, feature, None)
                alerts.append(bool(test(before, now, feature, None).drifted))
            except ValueError:
                alerts.append(None)
                failed += 1
        return {"alerts": alerts, "failed": failed}

    @staticmethod
    def versions():
        return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    serve(lambda: Peer(sys.argv[1]), COMMANDS)
