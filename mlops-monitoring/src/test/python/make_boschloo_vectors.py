"""Makes boschloo_vectors.json: Boschloo's test by its definition, over all tables of two sizes.

    python -m venv venv && venv/bin/pip install -r requirements-statistics.txt
    venv/bin/python make_boschloo_vectors.py ../resources/dev/mlops4j/monitoring/statistics/boschloo_vectors.json

Tables are ordered by the two-sided scipy.stats.fisher_exact, which scipy.stats.boschloo_exact does not do; of each
common share the probability of the extreme ones is summed over both binomials, and the largest is searched for by scipy.
"""
import json
import sys

import numpy as np
import scipy
from scipy import optimize, stats


def fisher(yes1, n, yes2, m):
    return stats.fisher_exact([[yes1, n - yes1], [yes2, m - yes2]])[1]


def boschloo(yes1, n, yes2, m):
    found = fisher(yes1, n, yes2, m)
    tables = np.array([[fisher(x, n, y, m) for y in range(m + 1)] for x in range(n + 1)])
    extreme = tables <= found * (1 + 1e-7)

    def probability(angle):
        share = np.sin(angle) ** 2
        return stats.binom.pmf(np.arange(n + 1), n, share) @ extreme @ stats.binom.pmf(np.arange(m + 1), m, share)

    angles = np.linspace(0, np.pi / 2, 2001)
    on_grid = np.array([probability(angle) for angle in angles])
    best = on_grid.max()
    for i in np.argsort(-on_grid)[:6]:
        bounds = angles[max(0, i - 1)], angles[min(len(angles) - 1, i + 1)]
        top = optimize.minimize_scalar(lambda x: -probability(x), bounds=bounds, method="bounded", options={"xatol": 1e-13})
        best = max(best, -top.fun)
    return min(found, best)


cases = [(2, 10, 8, 12), (3, 7, 0, 40), (0, 33, 5, 33), (12, 33, 20, 33), (20, 50, 31, 50), (24, 50, 35, 50),
         (1, 50, 9, 60), (0, 60, 3, 30), (5, 35, 5, 50), (12, 34, 3, 41), (50, 50, 41, 50), (0, 1, 1, 1),
         (0, 40, 40, 40), (7, 120, 1, 30), (3, 4, 60, 90), (1, 2, 23, 25),
         (48, 56, 29, 32), (3, 3, 30, 31)]
json.dump(
    {"made_by": "make_boschloo_vectors.py", "scipy": scipy.__version__,
     "cases": [{"yes1": a, "size1": n, "yes2": b, "size2": m, "fisher": float(fisher(a, n, b, m)),
                "p": float(boschloo(a, n, b, m))} for a, n, b, m in cases]},
    open(sys.argv[1], "w"), indent=0)
