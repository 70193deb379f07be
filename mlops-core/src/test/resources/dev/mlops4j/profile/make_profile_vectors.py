"""Makes profile_vectors.json beside it: what a profile must say of the same numbers.

Run: python make_profile_vectors.py   (needs numpy; deterministic)
Sum, mean and variance are exact fractions rounded once; quantiles are numpy's, method "lower".
"""
import json
from fractions import Fraction
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20130101)
QUANTILES = [0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0]


def rounded(fraction):
    try:
        return float(fraction)
    except OverflowError:
        return "Infinity" if fraction > 0 else "-Infinity"


def case(name, values):
    values = [float(v) for v in values]
    exact = [Fraction(v) for v in values]
    n = len(values)
    total = sum(exact)
    mean = total / n
    variance = sum((v - mean) ** 2 for v in exact) / (n - 1) if n > 1 else None
    return {
        "name": name,
        "values": values,
        "sum": rounded(total),
        "mean": rounded(mean),
        "variance": None if variance is None else rounded(variance),
        "min": min(values),
        "max": max(values),
        "distinct": len(set(values)),
        "quantiles": {
            str(q): float(np.quantile(values, q, method="lower")) for q in QUANTILES
        },
    }


cases = [
    case("one", [3.25]),
    case("two", [0.1, 0.2]),
    case("all the same", [0.1] * 7),
    case("zeros of both signs", [0.0, -0.0, 0.0]),
    case("cancelling", [1e100, 1.0, -1e100]),
    case("far from zero", 1e9 + rng.standard_normal(100)),
    case("greatest", [1.7976931348623157e308, 1.7976931348623157e308, -1.0]),
    case("smallest", [5e-324, 1e-310, -5e-324, 2e-308]),
    case("greatest and smallest", [1e308, 5e-324, -1e308, 1e-300, 1e16, 1.0]),
    case("squares too great for a double", [1e200, -1e200, 3e200]),
    case("pressure", 1018 + 7 * rng.standard_normal(300)),
    case("few values", rng.integers(0, 24, 200)),
    case("65 values", np.arange(65)),
    case("delays", np.round(rng.exponential(40, 500)) - 15),
    case("log-normal over 20 decades", np.exp(10 * rng.standard_normal(400))),
    case("negative", -np.exp(rng.standard_normal(200))),
]
Path(__file__).with_name("profile_vectors.json").write_text(
    json.dumps({"numpy": np.__version__, "cases": cases}, allow_nan=False)
)
