"""NannyML, driven over its standard input and output: a peer of `benchmarks/compare calibration`.

    python nannyml_peer.py

One JSON object a line goes in, one comes out; the first says {"ready": true}. A command that fails answers {"error":
"..."}.

    {"command": "judge", "file": "...", "reference": n, "current": m, "count": k, "kind": "numbers"}
                             UnivariateDriftCalculator of the columns of draws.py, the current rows being what is
                             analysed, with its default methods and thresholds: {"alerts": [true, ...]}. Both frames
                             are in chunks of the current rows' number, so the current rows are one chunk; of "weeks"
                             chunks are weeks by time. None where the reference then has fewer than two chunks, of
                             which it cannot tell a deviation
    {"command": "judge_literal", ...}
                             the same as it is without any argument: ten chunks of either frame, each cut by its own
                             length, an alert is any chunk's
    {"command": "versions"}  {"nannyml": "...", ...}
    {"command": "quit"}      ends, as does the end of the input
"""

import os

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
from nannyml.drift.univariate import UnivariateDriftCalculator

import draws
from peer import serve

COMMANDS = ("judge", "judge_literal", "versions")
PACKAGES = ("nannyml", "numpy", "pandas", "scipy")


class Peer:

    @staticmethod
    def judge(file, reference, current, count, kind):
        if reference < 2 * current:
            return {"alerts": [None] * count}
        before, now = draws.frames(file, reference, current, count, kind)
        names = list(before.columns)
        if kind == "weeks":
            start = pd.Timestamp("2013-01-07")
            for frame, first in ((before, start), (now, start + pd.Timedelta(weeks=reference // current))):
                frame["at"] = first + np.arange(len(frame)) * (pd.Timedelta(weeks=1) / current)
            calculator = UnivariateDriftCalculator(column_names=names, timestamp_column_name="at", chunk_period="W")
        else:
            calculator = UnivariateDriftCalculator(column_names=names, chunk_size=current)
        return {"alerts": Peer.alerts(calculator, before, now, names)}

    @staticmethod
    def judge_literal(file, reference, current, count, kind):
        before, now = draws.frames(file, reference, current, count, kind)
        names = list(before.columns)
        return {"alerts": Peer.alerts(UnivariateDriftCalculator(column_names=names), before, now, names)}

    @staticmethod
    def alerts(calculator, before, now, names):
        result = calculator.fit(before).calculate(now)
        found = result.filter(period="analysis").to_df()
        alerts = []
        for name in names:
            methods = found[name].columns.get_level_values(0).unique()
            alerts.append(any(bool(found[name][method]["alert"].any()) for method in methods))
        return alerts

    @staticmethod
    def versions():
        return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    serve(Peer, COMMANDS)
