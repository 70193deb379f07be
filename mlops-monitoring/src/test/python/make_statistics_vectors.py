"""Makes statistics_vectors.json: what scipy and Evidently say of the statistics of two samples.

    python -m venv venv && venv/bin/pip install -r requirements-statistics.txt
    venv/bin/python make_statistics_vectors.py ../resources/dev/mlops4j/monitoring/statistics/statistics_vectors.json

Deterministic. Every divergence and p-value is also computed with 60 digits; where scipy itself is further than 1e-10
from that (shares nearly the same, or a series that it stops early), the digits count and the case says so.
"""
import json
import sys
import warnings

import mpmath as mp
import numpy as np
import pandas as pd
import scipy
from evidently.legacy.calculations import stattests as evidently_tests
from evidently.legacy.core import ColumnType
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

mp.mp.dps = 60
warnings.filterwarnings("ignore")
rng = np.random.default_rng(20130701)
NUMERICAL, CATEGORICAL = ColumnType.Numerical, ColumnType.Categorical
not_scipys = []


def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(v) for v in x]
    if isinstance(x, str) or x is None:
        return x
    if isinstance(x, (int, np.integer)):
        return int(x)
    x = float(x)
    return x if np.isfinite(x) else repr(x)


def checked(what, of_scipy, exact):
    """scipy's value if it has the digits, else that of 60 digits."""
    exact_double = float(exact)
    if not abs(float(of_scipy) - exact_double) <= 1e-10 * abs(exact_double):
        not_scipys.append(what)
        return exact_double
    return float(of_scipy)


def exact_chi2_sf(x, df):
    return mp.gammainc(mp.mpf(df) / 2, mp.mpf(float(x)) / 2, mp.inf, regularized=True)


def exact_cvm_sf(x):
    """Csorgo and Faraway (1996), equation 1.2; more digits the further out, for 1 - cdf to lose."""
    with mp.workdps(int(60 + 2.3 * float(x))):
        x = mp.mpf(float(x))
        total, k = mp.mpf(0), 0
        while True:
            y = 4 * k + 1
            q = mp.mpf(y) ** 2 / (16 * x)
            term = (mp.gamma(k + mp.mpf(1) / 2) / mp.gamma(k + 1) / (mp.pi ** (mp.mpf(3) / 2) * mp.sqrt(x))
                    * mp.sqrt(y) * mp.exp(-q) * mp.besselk(mp.mpf(1) / 4, q))
            total += term
            k += 1
            if term < mp.mpf(10) ** -(mp.mp.dps - 5):
                return 1 - total


def exact_kolmogorov_sf(x):
    x = mp.mpf(float(x))
    if x == 0:
        return mp.mpf(1)
    if x < 1:
        return 1 - mp.sqrt(2 * mp.pi) / x * sum(mp.exp(-((2 * k - 1) * mp.pi) ** 2 / (8 * x * x)) for k in range(1, 40))
    return 2 * sum((-1) ** (k - 1) * mp.exp(-2 * k * k * x * x) for k in range(1, 60))


def numeric(name, a, b):
    a, b = np.array(a, float), np.array(b, float)
    n, m = len(a), len(b)
    out = {}
    asymptotic = stats.ks_2samp(a, b, method="asymp")
    d = asymptotic.statistic
    x = d * np.sqrt(n * m / (n + m))
    out["ks"] = {"distance": d, "limit": checked(name + " ks", stats.kstwobign.sf(x), exact_kolmogorov_sf(x))}
    if n * m <= 250_000:
        out["ks"]["exact"] = stats.ks_2samp(a, b, method="exact").pvalue
    out["wasserstein"] = stats.wasserstein_distance(a, b)
    if 0.001 < np.std(a) < np.inf:
        series = pd.Series(a), pd.Series(b)
        out["wasserstein_evidently"] = evidently_tests.wasserstein_stat_test.func(*series, NUMERICAL, 0.1)[0]
    if n > 1 and m > 1:
        cvm = stats.cramervonmises_2samp(a, b, method="asymptotic")
        k, total = n * m, n + m
        mean = (1 + 1 / total) / 6
        variance = (total + 1) * (4 * k * total - 3 * (n * n + m * m) - 2 * k) / (45 * total ** 2 * 4 * k)
        scaled = 1 / 6 + (cvm.statistic - mean) / np.sqrt(45 * variance)
        p = 1.0 if scaled < 0.003 else checked(name + " cvm", cvm.pvalue, exact_cvm_sf(scaled))
        out["cramer_von_mises"] = {"statistic": cvm.statistic, "p": p}
    if len(set(a) | set(b)) > 1 and n + m > 3:
        ad = stats.anderson_ksamp([a, b], variant="midrank")
        out["anderson_darling"] = {"statistic": ad.statistic, "p": ad.pvalue}
        u = stats.mannwhitneyu(b, a, method="asymptotic", use_continuity=False)
        out["mann_whitney"] = {"probability": u.statistic / (n * m), "p": u.pvalue}
    bins = np.histogram_bin_edges(np.concatenate([a, b]), bins="sturges")
    out["sturges"] = {"reference": np.histogram(a, bins)[0], "current": np.histogram(b, bins)[0]}
    shares = [np.histogram(s, bins)[0] / len(s) for s in (a, b)]
    if len(set(a)) > 20 and all(s[s > 0].min() > 1e-4 for s in shares):
        series = pd.Series(a), pd.Series(b)
        out["evidently_binned"] = {
            "psi": evidently_tests.psi_stat_test.func(*series, NUMERICAL, 0.1)[0],
            "kullback_leibler": evidently_tests.kl_div_stat_test.func(*series, NUMERICAL, 0.1)[0],
            "jensen_shannon": evidently_tests.jensenshannon_stat_test.func(*series, NUMERICAL, 0.1)[0],
        }
    return {"name": name, "reference": plain(a), "current": plain(b), "expected": plain(out)}


def categorical(name, first, second):
    a, b = np.array(first), np.array(second)
    keep = (a + b) > 0
    table = np.array([a[keep], b[keep]])
    n, m = int(a.sum()), int(b.sum())
    p, q = a / n, b / m
    exact_p = [mp.mpf(int(x)) / n for x in a]
    exact_q = [mp.mpf(int(x)) / m for x in b]
    log = lambda x, y: mp.mpf(0) if x == 0 else (mp.inf if y == 0 else x * mp.log(x / y))
    kl = lambda x, y: mp.fsum(log(i, j) for i, j in zip(x, y)) if all(j > 0 or i == 0 for i, j in zip(x, y)) else mp.inf
    out = {}
    expected = [[mp.mpf(int(x + y)) * s / (n + m) for x, y in zip(a[keep], b[keep])] for s in (n, m)]
    df = int(keep.sum()) - 1
    chi = stats.chi2_contingency(table, correction=False)
    exact_chi = mp.fsum((mp.mpf(int(o)) - e) ** 2 / e for r, row in zip(table, expected) for o, e in zip(r, row))
    out["chi_square"] = {"statistic": checked(name + " chi", chi.statistic, exact_chi)}
    out["chi_square"]["p"] = checked(name + " chi p", chi.pvalue, exact_chi2_sf(exact_chi, df)) if df else 1.0
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    exact_g = 2 * mp.fsum(log(mp.mpf(int(o)), e) for r, row in zip(table, expected) for o, e in zip(r, row))
    out["g"] = {"statistic": checked(name + " g", g.statistic, exact_g)}
    out["g"]["p"] = checked(name + " g p", g.pvalue, exact_chi2_sf(exact_g, df)) if df else 1.0
    divergence = kl(exact_p, exact_q)
    out["kullback_leibler"] = checked(name + " kl", stats.entropy(p, q), divergence) if divergence < mp.inf else mp.inf
    psi = divergence + kl(exact_q, exact_p)
    with np.errstate(all="ignore"):
        out["psi"] = checked(name + " psi", np.sum((q - p) * np.log(q / p)), psi) if psi < mp.inf else mp.inf
    middle = [(x + y) / 2 for x, y in zip(exact_p, exact_q)]
    js = mp.sqrt((kl(exact_p, middle) + kl(exact_q, middle)) / 2)
    out["jensen_shannon"] = checked(name + " js", jensenshannon(p, q), js)
    out["jensen_shannon_bits"] = checked(name + " js2", jensenshannon(p, q, 2), js / mp.sqrt(mp.log(2)))
    hellinger = mp.sqrt(mp.fsum((mp.sqrt(x) - mp.sqrt(y)) ** 2 for x, y in zip(exact_p, exact_q)) / 2)
    out["hellinger"] = checked(name + " hellinger", np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2), hellinger)
    out["total_variation"] = np.abs(p - q).sum() / 2
    series = [pd.Series(np.repeat(np.arange(len(c)), c).astype(str)) for c in (a, b)] if n + m < 100_000 else None
    if series and all(s[s > 0].min() > 1e-4 for s in (p, q)):
        keys = [s[keep] for s in (p, q)]
        filled = [np.where(s == 0, 1e-4, s) for s in keys]
        out["evidently"] = {
            "psi": evidently_tests.psi_stat_test.func(*series, CATEGORICAL, 0.1)[0],
            "kullback_leibler": evidently_tests.kl_div_stat_test.func(*series, CATEGORICAL, 0.1)[0],
            "jensen_shannon": evidently_tests.jensenshannon_stat_test.func(*series, CATEGORICAL, 0.1)[0],
        }
        exact_filled = [[mp.mpf(float(x)) for x in s] for s in filled]
        exact = mp.fsum((x - y) * mp.log(x / y) for x, y in zip(*exact_filled))
        out["evidently"]["psi"] = checked(name + " evidently psi", out["evidently"]["psi"], exact)
        scaled = [[x / mp.fsum(s) for x in s] for s in exact_filled]
        out["evidently"]["kullback_leibler"] = checked(
            name + " evidently kl", out["evidently"]["kullback_leibler"], kl(*scaled))
        out["evidently"]["jensen_shannon"] = checked(name + " evidently js", out["evidently"]["jensen_shannon"], js)
        out["evidently"]["hellinger"] = checked(
            name + " evidently hellinger",
            evidently_tests.hellinger_stat_test.func(*series, CATEGORICAL, 0.1)[0], hellinger)
    if len(a) == 2:
        out["fisher"] = stats.fisher_exact(np.array([a, b]))[1]
        common = mp.mpf(int(a[1] + b[1])) / (n + m)
        z = (exact_q[1] - exact_p[1]) / mp.sqrt(common * (1 - common) * (mp.mpf(1) / n + mp.mpf(1) / m))
        out["z"] = {"statistic": float(z), "p": checked(name + " z", 2 * stats.norm.sf(abs(float(z))), mp.erfc(abs(z) / mp.sqrt(2)))}
        if series:
            out["z"]["p_evidently"] = evidently_tests.z_stat_test.func(*series, CATEGORICAL, 0.05)[0]
    return {"name": name, "reference": plain(a), "current": plain(b), "expected": plain(out)}


N = rng.normal
numerics = [
    numeric("two against two", [1, 2], [2, 3]),
    numeric("one against three", [1.5], [1, 2, 3]),
    numeric("equal samples", [1, 2, 3, 4], [1, 2, 3, 4]),
    numeric("constants that differ", [5] * 6, [7] * 4),
    numeric("disjoint", N(0, 1, 12), N(50, 1, 9)),
    numeric("disjoint, larger", N(0, 1, 300), N(50, 1, 200)),
    numeric("ties", rng.integers(0, 4, 40), rng.integers(0, 5, 25)),
    numeric("ties, larger", rng.poisson(3, 400), rng.poisson(3.3, 350)),
    numeric("halves, negative", np.round(N(0, 4, 90) * 2) / 2, np.round(N(.5, 4, 110) * 2) / 2),
    numeric("no change, 50 against 30", N(0, 1, 50), N(0, 1, 30)),
    numeric("no change, equal sizes", N(0, 1, 128), N(0, 1, 128)),
    numeric("shift of half a deviation", N(0, 1, 80), N(.5, 1, 60)),
    numeric("shift of one deviation, larger", N(0, 1, 600), N(1, 1, 400)),
    numeric("twice the spread", N(0, 1, 100), N(0, 2, 70)),
    numeric("lognormal", rng.lognormal(0, 1, 200), rng.lognormal(.1, 1.2, 150)),
    numeric("heavy tail", rng.standard_t(1.5, 60), rng.exponential(3, 45)),
    numeric("far from zero", N(1e9, 1e-3, 40), N(1e9 + 5e-4, 1e-3, 40)),
    numeric("large and small magnitudes", N(0, 1, 50) * 10.0 ** rng.integers(-200, 200, 50), N(0, 1, 40)),
    numeric("2000 against 1500", N(0, 1, 2000), N(.05, 1, 1500)),
]
p20 = rng.dirichlet(np.ones(20))
p200 = rng.dirichlet(np.ones(200) * 5)
categoricals = [
    categorical("two categories", [30, 70], [45, 55]),
    categorical("two categories, few", [1, 9], [4, 6]),
    categorical("two categories, far apart", [990, 10], [20, 980]),
    categorical("two categories, nearly the same", [500_000, 500_001], [1_000_000, 1_000_001]),
    categorical("same shares", [10, 20, 30], [100, 200, 300]),
    categorical("a category goes", [50, 30, 20], [60, 40, 0]),
    categorical("a category comes", [50, 50, 0], [40, 40, 20]),
    categorical("nothing in common", [10, 0, 20, 0], [0, 15, 0, 5]),
    categorical("a category in neither", [10, 0, 20], [5, 0, 25]),
    categorical("small against large", [3, 2, 1], [3000, 2500, 900]),
    categorical("20 categories", rng.multinomial(1000, p20), rng.multinomial(1000, p20)),
    categorical("20 categories, 2000 against 50", rng.multinomial(2000, p20), rng.multinomial(50, p20)),
    categorical("200 categories", rng.multinomial(5000, p200), rng.multinomial(3000, p200)),
    categorical("millions, tiny change", [1_000_000, 2_000_000, 7_000_000], [1_003_000, 1_999_000, 6_998_000]),
    categorical("5 categories, clear change", [400, 300, 200, 80, 20], [300, 300, 250, 100, 50]),
]
tails = {
    "chi_square": [
        {"x": x, "df": df, "p": float(exact_chi2_sf(x, df)), "scipy": float(special.chdtrc(df, x))}
        for df in (1, 2, 5, 19, 199, 1000, 20_000)
        for x in (df * .3, df * .9, df * 1.0, df + 3 * df ** .5, df + 20 * df ** .5, df + 300.0, df + 1200.0)
        if exact_chi2_sf(x, df) > 1e-300
    ],
    "normal": [{"z": z, "p": float(mp.erfc(mp.mpf(z) / mp.sqrt(2))), "scipy": float(2 * stats.norm.sf(z))}
               for z in (0.0, 1e-8, .01, .5, 1.0, 1.96, 3.0, 6.5, 10.0, 20.0, 30.0, 37.0)],
    "kolmogorov": [{"x": x, "p": float(exact_kolmogorov_sf(x)), "scipy": float(special.kolmogorov(x))}
                   for x in (.2, .4, .6, .8, .99, 1.0, 1.01, 1.36, 2.0, 5.0, 10.0, 18.0)],
    "cramer_von_mises": [{"x": x, "p": float(exact_cvm_sf(x))}
                         for x in (.003, .01, .02, .03, .05, .1, 1 / 6, .3, .46136, .74346, 1.0, 2.0, 4.0, 8.0, 20.0, 60.0, 135.0)],
}
json.dump(
    {"made_by": "make_statistics_vectors.py", "scipy": scipy.__version__, "numpy": np.__version__,
     "of_60_digits_instead_of_scipy": sorted(not_scipys), "numeric": numerics, "categorical": categoricals,
     "tails": tails},
    open(sys.argv[1], "w"), indent=None, separators=(",", ":"), allow_nan=False)
print(len(not_scipys), "values of 60 digits:", sorted(not_scipys))
