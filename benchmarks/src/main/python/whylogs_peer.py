"""whylogs, driven over its standard input and output: the peer of `benchmarks/compare drift` and `... calibration`.

    python whylogs_peer.py DATA

DATA has reference.csv and current.csv. One JSON object a line goes in, one comes out; the first says {"ready": true}. A
command that fails answers {"error": "..."}.

    {"command": "profile", "quantiles": [0.5, ...]}
                             why.log of the reference, a DataFrame before the clock starts:
                             {"seconds": s, "bytes": n, "quantiles": {column: [x, ...]}}
    {"command": "judge", "file": "...", "reference": n, "current": m, "count": k, "kind": "numbers"}
                             calculate_drift_scores of the profiles of the columns of draws.py, as it is by default:
                             {"alerts": [true, ...], "failed": n}; an alert is what it calls DRIFT,
                             null where there is no score
    {"command": "versions"}  {"whylogs": "...", ...}
    {"command": "quit"}      ends, as does the end of the input
"""

import os

os.environ["WHYLOGS_NO_ANALYTICS"] = "True"

import sys
import time
from importlib.metadata import version

import pandas as pd
import whylogs as why
from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

import draws
from peer import serve

COMMANDS = ("profile", "judge", "versions")
PACKAGES = ("whylogs", "whylogs-sketching", "numpy", "pandas", "scipy")


class Peer:

    def __init__(self, data):
        self.data = data
        self.rows = None

    def profile(self, quantiles):
        if self.rows is None:
            self.rows = pd.read_csv(
                os.path.join(self.data, "reference.csv"), keep_default_na=False, na_values=[""])
        start = time.perf_counter()
        view = why.log(self.rows).view()
        seconds = time.perf_counter() - start
        numbers = {}
        for name in self.rows.columns:
            distribution = view.get_column(name).get_metric("distribution")
            if distribution is not None and distribution.kll.value.get_n() > 0:
                numbers[name] = list(distribution.kll.value.get_quantiles(quantiles))
        return {"seconds": seconds, "bytes": len(view.serialize()), "quantiles": numbers}

    @staticmethod
    def judge(file, reference, current, count, kind):
        before, now = (why.log(frame).view() for frame in draws.frames(file, reference, current, count, kind))
        scores = calculate_drift_scores(target_view=now, reference_view=before, with_thresholds=True)
        alerts, failed = [], 0
        for i in range(count):
            score = scores.get(f"x{i}")
            failed += score is None
            alerts.append(None if score is None else score["drift_category"] == "DRIFT")
        return {"alerts": alerts, "failed": failed}

    @staticmethod
    def versions():
        return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    serve(lambda: Peer(sys.argv[1]), COMMANDS)
