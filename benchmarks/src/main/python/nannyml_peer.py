"""NannyML, driven over its standard input and output: a peer of `benchmarks/compare calibration`.

    python nannyml_peer.py

One JSON object a line goes in, one comes out; the first says {"ready": true}. A command that fails answers {"error":
"..."}.

    {"command": "judge", "file": "...", "reference": n, "current": m, "count": k, "kind": "numbers"}
                             UnivariateDriftCalculator of the columns of draws.py, as it is by default, the current rows
                             being what is analysed: {"alerts": [true, ...], "failed": n}; an alert is any chunk's
    {"command": "versions"}  {"nannyml": "...", ...}
    {"command": "quit"}      ends, as does the end of the input
"""

import os

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import sys
from importlib.metadata import version

from nannyml.drift.univariate import UnivariateDriftCalculator

import draws
from peer import serve

COMMANDS = ("judge", "versions")
PACKAGES = ("nannyml", "numpy", "pandas", "scipy")


class Peer:

    @staticmethod
    def judge(file, reference, current, count, kind):
        before, now = draws.frames(file, reference, current, count, kind)
        names = list(before.columns)
        result = UnivariateDriftCalculator(column_names=names).fit(before).calculate(now)
        found = result.filter(period="analysis").to_df()
        alerts = []
        for name in names:
            methods = found[name].columns.get_level_values(0).unique()
            alerts.append(any(bool(found[name][method]["alert"].any()) for method in methods))
        return {"alerts": alerts, "failed": 0}

    @staticmethod
    def versions():
        return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    serve(Peer, COMMANDS)
