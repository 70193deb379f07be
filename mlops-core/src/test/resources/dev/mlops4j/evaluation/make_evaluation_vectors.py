"""Makes evaluation_vectors.json beside it: what scikit-learn says of the same predictions.

Run: python make_evaluation_vectors.py
(needs numpy, scipy, scikit-learn 1.7 or later and statsmodels; deterministic)
null: not defined, because there is one class only or nothing to divide by.

Intervals of scipy and statsmodels where they have them. Standard errors of the others are computed here
from their definition, pair by pair or cell by cell, and checked twice: against the derivatives of
scikit-learn's weighted metrics by the weight of each row, and on larger samples against a bootstrap.
"""
import json
import math
import warnings
from pathlib import Path

import numpy as np
import sklearn
from scipy import special, stats
from sklearn import metrics as M
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

warnings.simplefilter("ignore")
rng = np.random.default_rng(20130101)
THRESHOLD = 0.5


def value(x):
    x = float(x)
    return x if np.isfinite(x) else None


def wilson(part, whole):
    return [float(v) for v in proportion_confint(part, whole, 0.05, "wilson")] if whole else None


def normal_interval(values):
    """None where the values do not tell how much others would differ."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2 or np.ptp(values) == 0:
        return None
    return [float(v) for v in stats.norm.interval(0.95, np.mean(values), stats.sem(values))]


def delong(y, s):
    """By its definition: every pair of a yes and a no."""
    y, s = np.array(y), np.array(s)
    yes, no = s[y == 1], s[y == 0]
    if len(yes) < 2 or len(no) < 2:
        return None
    wins = (yes[:, None] > no[None, :]) + 0.5 * (yes[:, None] == no[None, :])
    variance = wins.mean(axis=1).var(ddof=1) / len(yes) + wins.mean(axis=0).var(ddof=1) / len(no)
    if variance == 0:
        return None
    return logit_interval(wins.mean(), np.sqrt(variance))


def moved_by_each_row(metric, rows):
    """The derivatives of a weighted metric by the weights, by differences, to the fourth order."""

    def slope(row, step):
        up, down = np.ones(rows), np.ones(rows)
        up[row] += step
        down[row] -= step
        return (metric(up) - metric(down)) / (2 * step)

    return np.array([(4 * slope(i, 5e-4) - slope(i, 1e-3)) / 3 for i in range(rows)])


def check_moved(moved, metric):
    found = moved_by_each_row(metric, len(moved))
    assert np.allclose(moved, found, rtol=1e-7, atol=1e-9), np.max(np.abs(moved - found))


def check_bootstrap(error, metric, rows, repetitions=2000):
    """The standard error of enough rows is that of samples of them, to a tenth."""
    if error is None or rows < 200:
        return
    other = np.random.default_rng(rows)
    drawn = [metric(other.integers(0, rows, rows)) for _ in range(repetitions)]
    assert np.isclose(error, np.std(drawn, ddof=1), rtol=0.1), (error, np.std(drawn, ddof=1))


def tells(error, of):
    return np.isfinite(error) and error > 1e-12 * max(1, abs(of))


def logit_interval(of, error):
    if not tells(error, of) or of <= 0 or of >= 1:
        return None
    logit = stats.norm.interval(0.95, special.logit(of), error / (of * (1 - of)))
    return [float(v) for v in special.expit(logit)]


def f1_interval(tp, fp, fn):
    """F1 is twice J over 1 + J, where J is a share; it grows with J."""
    share = wilson(tp, tp + fp + fn)
    return [2 * v / (1 + v) for v in share] if share else None


def average_precision_error(y, s):
    """By its definition: the precision at each yes is of all rows that score at least as high."""
    y, s = np.array(y), np.array(s)
    yes, no = np.sum(y == 1), np.sum(y == 0)
    if yes < 2 or no < 2:
        return np.nan
    at_least = s[None, :] >= s[y == 1][:, None]
    rows = at_least.sum(axis=1)
    precision = at_least[:, y == 1].sum(axis=1) / rows
    moved = (at_least * (y[None, :] - precision[:, None]) / rows[:, None]).sum(axis=0) / yes
    moved[y == 1] += (precision - precision.mean()) / yes
    check_moved(moved, lambda w: M.average_precision_score(y, s, sample_weight=w))
    squares = moved**2
    error = np.sqrt(
        squares[y == 1].sum() * yes / (yes - 1) + squares[y == 0].sum() * no / (no - 1)
    )
    if min(yes, no) > 50:
        check_bootstrap(error, lambda i: M.average_precision_score(y[i], s[i]), len(y))
    return error


def average_error(y, predicted, classes, metric, average):
    """The delta method on the counts of the confusion matrix, with their multinomial covariance."""
    counts = M.confusion_matrix(y, predicted, labels=list(range(classes)))
    shares = counts.ravel() / counts.sum()
    right, of_row, of_column = [], [], []
    for c in range(classes):
        cells = np.zeros((3, classes, classes))
        cells[0, c, c] = 1
        cells[1, c, :] = 1
        cells[2, :, c] = 1
        right.append(cells[0].ravel())
        of_row.append(cells[1].ravel())
        of_column.append(cells[2].ravel())
    values, slopes, weights, weight_slopes = [], [], [], []
    for c in range(classes):
        part, whole = {
            "precision": (right[c], of_column[c]),
            "recall": (right[c], of_row[c]),
            "f1": (2 * right[c], of_row[c] + of_column[c]),
        }[metric]
        if whole @ shares > 0:
            values.append(part @ shares / (whole @ shares))
            slopes.append((part * (whole @ shares) - whole * (part @ shares)) / (whole @ shares) ** 2)
            weights.append(of_row[c] @ shares if average == "weighted" else 1)
            weight_slopes.append(of_row[c] if average == "weighted" else 0 * of_row[c])
    if sum(weights) == 0:
        return np.nan, np.nan
    mean = np.average(values, weights=weights)
    slope = sum(
        w * d + (v - mean) * e for w, d, v, e in zip(weights, slopes, values, weight_slopes)
    ) / sum(weights)
    covariance = (np.diag(shares) - np.outer(shares, shares)) / len(y)
    return mean, np.sqrt(max(0, slope @ covariance @ slope))


def average_interval(y, predicted, classes, metric, average):
    of, error = average_error(y, predicted, classes, metric, average)
    score = {"precision": M.precision_score, "recall": M.recall_score, "f1": M.f1_score}[metric]
    keep = {"labels": list(range(classes)), "average": average, "zero_division": np.nan}
    y, predicted = np.array(y), np.array(predicted)
    if np.isfinite(error):
        weighted = moved_by_each_row(
            lambda w: score(y, predicted, sample_weight=w, **keep), len(y)
        )
        assert np.isclose(error, np.sqrt(np.sum(weighted**2)), rtol=1e-7, atol=1e-9)
        if np.min(np.bincount(y, minlength=classes)) > 20:
            check_bootstrap(error, lambda i: score(y[i], predicted[i], **keep), len(y))
    return logit_interval(of, error)


def one_versus_rest_error(onehot, p, aucs, defined, by_rows):
    """By its definition: every pair of a row of a class and another row, for every class."""
    rows = len(p)
    sizes = onehot.sum(axis=0)
    weights = sizes / rows if by_rows else np.ones(len(aucs)) / len(defined)
    weighted = {"weights": weights[defined]}
    mean = np.average([aucs[c] for c in defined], **weighted)
    moved, scaled = np.zeros(rows), np.zeros(rows)
    for c in defined:
        yes = onehot[:, c] == 1
        wins = (p[yes, c][:, None] > p[~yes, c][None, :]) + 0.5 * (
            p[yes, c][:, None] == p[~yes, c][None, :]
        )
        for which, part in [(yes, wins.mean(axis=1)), (~yes, wins.mean(axis=0))]:
            part, n = part - wins.mean(), which.sum()
            if n < 2:
                return mean, np.nan
            moved[which] += weights[c] * part / n
            scaled[which] += weights[c] * part / np.sqrt(n * (n - 1))
    if by_rows:
        own = np.array([aucs[c] for c in np.argmax(onehot, axis=1)])
        moved += (own - mean) / rows
        scaled += (own - mean) / np.sqrt(rows * (rows - 1))

    def metric(w):
        each = [M.roc_auc_score(onehot[:, c], p[:, c], sample_weight=w) for c in defined]
        by = (w @ onehot)[defined] if by_rows else None
        return np.average(each, weights=by)

    check_moved(moved, metric)
    error = np.sqrt(np.sum(scaled**2))
    if sizes.min() > 20:
        check_bootstrap(
            error,
            lambda i: np.average(
                [M.roc_auc_score(onehot[i, c], p[i, c]) for c in defined],
                weights=onehot[i].sum(axis=0)[defined] if by_rows else None,
            ),
            rows,
            1000,
        )
    return mean, error


def one_versus_rest(onehot, p, aucs, defined, by_rows):
    if not defined:
        return None
    return logit_interval(*one_versus_rest_error(onehot, p, aucs, defined, by_rows))


def r2_interval(y, p, r2):
    """The delta method on the means of the squared errors and the squared distances."""
    y, p = np.array(y), np.array(p)
    squares = (y - math.fsum(y) / len(y)) ** 2
    scale = np.mean(squares)
    means = np.stack([(p - y) ** 2 / scale, squares / scale])
    slope = np.array([-1, 1 - r2])
    error = np.sqrt(max(0, slope @ np.cov(means) @ slope) / len(y))
    if scale < 1e100:
        weighted = moved_by_each_row(lambda w: M.r2_score(y, p, sample_weight=w), len(y))
        plain = error * np.sqrt((len(y) - 1) / len(y))
        assert np.isclose(plain, np.sqrt(np.sum(weighted**2)), rtol=1e-6, atol=1e-9)
        check_bootstrap(error, lambda i: M.r2_score(y[i], p[i]), len(y))
    if not tells(error, r2):
        return None
    lower, upper = stats.norm.interval(0.95, r2, error)
    return [float(lower), min(1.0, float(upper))]


def calibration_error(y, s):
    """Of the bins of calibration_curve, weighted by their rows."""
    true, mean = calibration_curve(y, s, n_bins=10)
    edges = np.linspace(0, 1, 11)
    rows = np.bincount(np.searchsorted(edges[1:-1], s), minlength=10)
    return float(np.sum(rows[rows > 0] * np.abs(true - mean)) / len(s))


def row_losses(p):
    eps = np.finfo(float).eps
    return -np.log(np.clip(p, eps, 1 - eps))


def known(intervals):
    return {name: pair for name, pair in intervals.items() if pair is not None}


def classify(name, y, s):
    y = [int(v) for v in y]
    s = [float(v) for v in s]
    both = len(set(y)) == 2
    predicted = [int(v > THRESHOLD) for v in s]
    tn, fp, fn, tp = M.confusion_matrix(y, predicted, labels=[0, 1]).ravel()
    expected = {
        "auc": value(M.roc_auc_score(y, s)) if both else None,
        "log_loss": value(M.log_loss(y, s, labels=[0, 1])),
        "accuracy": value(M.accuracy_score(y, predicted)),
        "brier": value(M.brier_score_loss(y, s, pos_label=1)),
        "average_precision": value(M.average_precision_score(y, s)) if sum(y) else None,
        "precision": value(M.precision_score(y, predicted, zero_division=np.nan)),
        "recall": value(M.recall_score(y, predicted, zero_division=np.nan)),
        "f1": value(M.f1_score(y, predicted, zero_division=np.nan)),
        "calibration_error": calibration_error(y, s),
        "mean_prediction": value(np.mean(s)),
        "actual_share": value(np.mean(y)),
        "rows": len(y),
        "positives": sum(y),
        "true_positives": int(tp),
        "false_positives": int(fp),
        "true_negatives": int(tn),
        "false_negatives": int(fn),
    }
    a, p = np.array(y), np.array(s)
    intervals = {
        "auc": delong(y, s) if both else None,
        "log_loss": normal_interval(row_losses(np.where(a == 1, p, 1 - p))),
        "accuracy": wilson(int(tp + tn), len(y)),
        "brier": normal_interval((a - p) ** 2),
        "average_precision": logit_interval(
            expected["average_precision"], average_precision_error(y, s)
        )
        if sum(y)
        else None,
        "precision": wilson(int(tp), int(tp + fp)),
        "recall": wilson(int(tp), sum(y)),
        "f1": f1_interval(int(tp), int(fp), int(fn)),
        "mean_prediction": normal_interval(s),
        "actual_share": wilson(sum(y), len(y)),
    }
    return {
        "name": name,
        "label": y,
        "score": s,
        "expected": expected,
        "intervals": known(intervals),
    }


def multiclass(name, classes, y, p):
    """Averages leave out what is not defined, as scikit-learn's zero_division=nan does."""
    codes = range(len(classes))
    y = [int(v) for v in y]
    p = np.array([[float(v) for v in row] for row in p])
    predicted = np.argmax(p, axis=1)
    onehot = np.eye(len(classes))[y]
    loss = row_losses(p[np.arange(len(y)), y])
    squares = np.sum((onehot - p) ** 2, axis=1)
    rows = np.bincount(y, minlength=len(classes))
    aucs = [
        value(M.roc_auc_score(onehot[:, c], p[:, c])) if 0 < rows[c] < len(y) else None
        for c in codes
    ]
    defined = [c for c in codes if aucs[c] is not None]
    right = predicted == np.array(y)
    expected = {
        "log_loss": value(M.log_loss(y, p, labels=list(codes))),
        "accuracy": value(M.accuracy_score(y, predicted)),
        "brier": value(M.brier_score_loss(y, p, labels=list(codes), scale_by_half=False)),
        "calibration_error": calibration_error(right.astype(int), p.max(axis=1)),
        "auc_ovr": value(np.mean([aucs[c] for c in defined])) if defined else None,
        "auc_ovr_weighted": value(
            np.average([aucs[c] for c in defined], weights=[rows[c] for c in defined])
        )
        if defined
        else None,
    }
    if len(defined) == len(classes) > 2 and np.allclose(p.sum(axis=1), 1, atol=1e-12):
        both = {"multi_class": "ovr", "labels": list(codes)}
        assert np.isclose(expected["auc_ovr"], M.roc_auc_score(y, p, **both), rtol=1e-13)
    for metric, score in [
        ("precision", M.precision_score),
        ("recall", M.recall_score),
        ("f1", M.f1_score),
    ]:
        for average in ["macro", "micro", "weighted"]:
            expected[metric + "_" + average] = value(
                score(y, predicted, labels=list(codes), average=average, zero_division=np.nan)
            )
        each = score(y, predicted, labels=list(codes), average=None, zero_division=np.nan)
        if np.all(np.isnan(each[rows > 0])):
            # scikit-learn says 0 where no class that has rows has a value; ours is not defined.
            expected[metric + "_weighted"] = None
    expected["rows"] = len(y)
    accuracy = wilson(int(right.sum()), len(y))
    intervals = {
        "log_loss": normal_interval(loss),
        "accuracy": accuracy,
        "brier": normal_interval(squares),
        "auc_ovr": one_versus_rest(onehot, p, aucs, defined, False),
        "auc_ovr_weighted": one_versus_rest(onehot, p, aucs, defined, True),
    }
    for metric in ["precision", "recall", "f1"]:
        for average in ["macro", "weighted"]:
            intervals[metric + "_" + average] = average_interval(
                y, predicted, len(classes), metric, average
            )
        intervals[metric + "_micro"] = accuracy
    # Each class counted by its rows: the share of all that is right.
    intervals["recall_weighted"] = accuracy
    return {
        "name": name,
        "classes": classes,
        "label": [classes[v] for v in y],
        "probability": p.tolist(),
        "confusion": M.confusion_matrix(y, predicted, labels=list(codes)).tolist(),
        "auc_by_class": aucs,
        "expected": expected,
        "intervals": known(intervals),
    }


def regress(name, y, p):
    y = [float(v) for v in y]
    p = [float(v) for v in p]
    constant = len(set(y)) == 1
    expected = {
        "rmse": value(M.root_mean_squared_error(y, p)),
        "mae": value(M.mean_absolute_error(y, p)),
        "r2": None if constant else value(M.r2_score(y, p)),
        "mape": value(M.mean_absolute_percentage_error(y, p)),
        "mean_error": value(np.mean(np.array(p) - np.array(y))),
        **{f"pinball_loss_{q}": value(M.mean_pinball_loss(y, p, alpha=q)) for q in (0.1, 0.9)},
        "mean_prediction": value(np.mean(p)),
        "mean_actual": value(np.mean(y)),
        "rows": len(y),
    }
    error = np.array(p) - np.array(y)
    squared = normal_interval(error**2)
    intervals = {
        "rmse": [float(np.sqrt(max(0.0, v))) for v in squared] if squared else None,
        "mae": normal_interval(np.abs(error)),
        "r2": None if constant else r2_interval(y, p, expected["r2"]),
        "mape": normal_interval(np.abs(error) / np.maximum(np.abs(y), np.finfo(float).eps)),
        "mean_error": normal_interval(error),
        **{f"pinball_loss_{q}": normal_interval(np.maximum(q * -error, (q - 1) * -error)) for q in (0.1, 0.9)},
        "mean_prediction": normal_interval(p),
        "mean_actual": normal_interval(y),
    }
    pinball = {str(q): value(M.mean_pinball_loss(y, p, alpha=q)) for q in (0.05, 0.5, 0.9)}
    pinball_intervals = {
        q: normal_interval(np.maximum(float(q) * -error, (float(q) - 1) * -error)) for q in pinball
    }
    return {
        "name": name,
        "actual": y,
        "predicted": p,
        "expected": expected,
        "intervals": known(intervals),
        "pinball": pinball,
        "pinball_intervals": known(pinball_intervals),
    }


def rand(n, share=0.3, ties=None):
    y = (rng.random(n) < share).astype(int)
    s = 1 / (1 + np.exp(-(rng.standard_normal(n) + y - 1)))
    return y, (np.round(s, ties) if ties is not None else s)


def scores(n, classes, ties=None):
    y = rng.integers(0, classes, n)
    logits = rng.standard_normal((n, classes)) + 1.2 * np.eye(classes)[y]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return y, (np.round(p, ties) if ties is not None else p)


normal = rng.standard_normal
after, before = float(np.nextafter(0.5, 1)), float(np.nextafter(0.5, 0))
classification = [
    classify("smallest", [0, 1], [0.2, 0.8]),
    classify("smallest, wrong way round", [0, 1], [0.8, 0.2]),
    classify("smallest, tie", [0, 1], [0.5, 0.5]),
    classify("all the same score", [0, 1, 0, 1, 1], [0.3] * 5),
    classify("perfect", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]),
    classify("example of scikit-learn", [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]),
    classify("certain and right", [0, 1, 1], [0.0, 1.0, 1.0]),
    classify("certain and wrong", [0, 1], [1.0, 0.0]),
    classify("only negatives", [0, 0, 0], [0.1, 0.5, 0.9]),
    classify("only negatives, none predicted", [0, 0], [0.1, 0.5]),
    classify("only positives", [1, 1, 1], [0.1, 0.5, 0.9]),
    classify("one row", [1], [0.7]),
    classify("no positive predicted", [0, 1, 0], [0.1, 0.2, 0.3]),
    classify("scores next to each other", [0, 1, 0, 1], [0.5, after, before, 0.5]),
    classify("tiny scores", [0, 1, 0, 1], [1e-300, 1e-310, 5e-324, 1e-20]),
    classify("random 20", *rand(20)),
    classify("random 50, one decimal", *rand(50, ties=1)),
    classify("random 200, two decimals", *rand(200, ties=2)),
    classify("random 200, 2 % positive", *rand(200, 0.02)),
    classify("random 500", *rand(500, 0.5)),
    classify("zeros and ones as scores", rng.integers(0, 2, 30), rng.integers(0, 2, 30)),
]
spread = 10 * normal(200) + 50
regression = [
    regress("one row", [3.0], [2.5]),
    regress("two rows", [1.0, 2.0], [1.0, 3.0]),
    regress("perfect", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
    regress("constant actual", [2.0, 2.0, 2.0], [1.0, 2.0, 3.0]),
    regress("constant actual, perfect", [2.0, 2.0], [2.0, 2.0]),
    regress("worse than the mean", [1.0, 2.0, 3.0], [3.0, 2.0, 1.0]),
    regress("negative values", [-5.0, -3.0, 4.0], [-4.0, -3.5, 4.0]),
    regress("large values", [1e150, 2e150], [1.1e150, 1.9e150]),
    regress("far from zero", 1e9 + normal(20), 1e9 + normal(20)),
    regress("random 20", normal(20), normal(20)),
    regress("random 200", spread, spread + 0.3 * normal(200)),
]
three, four = ["bus", "car", "tram"], ["a", "b", "c", "d"]
third = [1 / 3, 1 / 3, 1 / 3]
multiclasses = [
    multiclass("one row", three, [1], [[0.2, 0.5, 0.3]]),
    multiclass("two classes", ["no", "yes"], [0, 1, 1], [[0.7, 0.3], [0.4, 0.6], [0.8, 0.2]]),
    multiclass("perfect", three, [0, 1, 2], np.eye(3)),
    multiclass("certain and wrong", three, [0, 1, 2], np.roll(np.eye(3), 1, axis=1)),
    multiclass("ties go to the first class", three, [0, 1, 2, 0], [third] * 4),
    multiclass("a class never comes", four, [0, 1, 2, 0, 1], scores(5, 4)[1]),
    multiclass("one class only", three, [2, 2, 2], scores(3, 3)[1]),
    multiclass("a class is never predicted", three, [0, 1, 2], [[0.5, 0.3, 0.2]] * 3),
    multiclass("not adding up to one", three, [0, 1, 2], [[0.9, 0.8, 0.1]] * 3),
    multiclass("random 30", three, *scores(30, 3)),
    multiclass("random 200, one decimal", four, *scores(200, 4, ties=1)),
    multiclass("random 500, ten classes", list("abcdefghij"), *scores(500, 10)),
]
Path(__file__).with_name("evaluation_vectors.json").write_text(
    json.dumps(
        {
            "scikit_learn": sklearn.__version__,
            "numpy": np.__version__,
            "classification": classification,
            "multiclass": multiclasses,
            "regression": regression,
        },
        allow_nan=False,
    )
)
