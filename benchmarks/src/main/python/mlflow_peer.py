"""MLflow, driven over its standard input and output: the peer of `benchmarks/compare tracking`.

    python mlflow_peer.py SCRATCH

SCRATCH is emptied and holds MLflow's SQLite file. MlflowClient writes to it in this process, without a server. One JSON
object a line goes in, one comes out; the first says {"ready": true}. A command that fails answers {"error": "..."}.

    {"command": "batches", "batches": 20, "points": 1000, "keys": 5}
                                        log_batch of so many points, one after the other, to one new run
    {"command": "singles", "points": 500}
                                        log_metric of one point, one after the other, to one new run
    {"command": "runs", "runs": 100, "threads": 8}
                                        create_run, log_batch of 3 params and 2 metrics, set_terminated
    all of these                        {"seconds": s, "runs": [ids]}
    {"command": "run", "id": "..."}     {"status": "...", "params": {...}, "metrics": {...}, "points": {key: n},
                                        "sums": {key: the sum of value times (step + 1)}}
    {"command": "fill", "runs": [[name, {params}, {metrics}], ...]}
                                        into the experiment that is searched, one after the other: {"seconds": s}
    {"command": "search", "filter": "...", "order": ["metrics.auc DESC"], "calls": 50}
                                        the first 50: {"p50": seconds, "names": [...]}
    {"command": "versions"}             {"mlflow": "...", ...}
    {"command": "quit"}                 ends, as does the end of the input
"""

import os

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"

import shutil
import sqlite3
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from mlflow import MlflowClient
from mlflow.entities import Metric, Param

from peer import serve

COMMANDS = ("batches", "singles", "runs", "run", "fill", "search", "versions")
PACKAGES = ("mlflow", "sqlalchemy", "alembic")
FOUND = 50
WARM_UP = 10


class Peer:

    def __init__(self, scratch):
        scratch = os.path.abspath(scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        os.makedirs(scratch)
        self.client = MlflowClient("sqlite:///" + os.path.join(scratch, "mlflow.db"))
        artifacts = os.path.join(scratch, "artifacts")
        self.written = self.client.create_experiment("written", artifacts)
        self.searched = self.client.create_experiment("searched", artifacts)

    def batches(self, batches, points, keys):
        run = self.client.create_run(self.written).info.run_id
        metrics = [
            [Metric("m" + str(i % keys), number(i), now(), i) for i in range(b * points, (b + 1) * points)]
            for b in range(batches)]
        start = time.perf_counter()
        for batch in metrics:
            self.client.log_batch(run, metrics=batch)
        return {"seconds": time.perf_counter() - start, "runs": [run]}

    def singles(self, points):
        run = self.client.create_run(self.written).info.run_id
        start = time.perf_counter()
        for i in range(points):
            self.client.log_metric(run, "m0", number(i), step=i)
        return {"seconds": time.perf_counter() - start, "runs": [run]}

    def runs(self, runs, threads):
        start = time.perf_counter()
        if threads == 1:
            ids = [self.one(i) for i in range(runs)]
        else:
            with ThreadPoolExecutor(threads) as executor:
                ids = list(executor.map(self.one, range(runs)))
        return {"seconds": time.perf_counter() - start, "runs": ids}

    def one(self, i):
        run = self.client.create_run(self.written, run_name="run " + str(i)).info.run_id
        self.client.log_batch(
            run,
            metrics=[Metric("m" + str(k), number(i + k), now(), 0) for k in range(2)],
            params=[Param("p" + str(k), str(i + k)) for k in range(3)])
        self.client.set_terminated(run)
        return run

    def run(self, id):
        run = self.client.get_run(id)
        points, sums = {}, {}
        for key in run.data.metrics:
            history = self.client.get_metric_history(id, key)
            points[key] = len(history)
            sums[key] = sum(m.value * (m.step + 1) for m in history)
        return {
            "status": run.info.status,
            "params": run.data.params,
            "metrics": run.data.metrics,
            "points": points,
            "sums": sums,
        }

    def fill(self, runs):
        start = time.perf_counter()
        for name, params, metrics in runs:
            run = self.client.create_run(self.searched, run_name=name).info.run_id
            self.client.log_batch(
                run,
                metrics=[Metric(key, value, now(), 0) for key, value in metrics.items()],
                params=[Param(key, value) for key, value in params.items()])
            self.client.set_terminated(run)
        return {"seconds": time.perf_counter() - start}

    def search(self, filter, order, calls):
        seconds = []
        for _ in range(WARM_UP + calls):
            start = time.perf_counter()
            found = self.client.search_runs([self.searched], filter, order_by=order, max_results=FOUND)
            seconds.append(time.perf_counter() - start)
        return {"p50": statistics.median(seconds[WARM_UP:]), "names": [run.info.run_name for run in found]}

    @staticmethod
    def versions():
        return {**{name: version(name) for name in PACKAGES}, "sqlite": sqlite3.sqlite_version}


def number(i):
    """The value of point i, as ours has it; the sums of some thousands of them are exact."""
    return i % 1024 / 8


def now():
    return int(time.time() * 1000)


if __name__ == "__main__":
    serve(lambda: Peer(sys.argv[1]), COMMANDS)
