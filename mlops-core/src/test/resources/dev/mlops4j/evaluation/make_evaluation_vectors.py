"""Makes evaluation_vectors.json beside it: what scikit-learn says of the same predictions.

Run: python make_evaluation_vectors.py   (needs numpy and scikit-learn; deterministic)
null: not defined, because there is one class only or nothing to divide by.
"""
import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as M

warnings.simplefilter("ignore")
rng = np.random.default_rng(20130101)
THRESHOLD = 0.5


def value(x):
    x = float(x)
    return x if np.isfinite(x) else None


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
        "mean_prediction": value(np.mean(s)),
        "actual_share": value(np.mean(y)),
        "rows": len(y),
        "positives": sum(y),
        "true_positives": int(tp),
        "false_positives": int(fp),
        "true_negatives": int(tn),
        "false_negatives": int(fn),
    }
    return {"name": name, "label": y, "score": s, "expected": expected}


def regress(name, y, p):
    y = [float(v) for v in y]
    p = [float(v) for v in p]
    constant = len(set(y)) == 1
    expected = {
        "rmse": value(M.root_mean_squared_error(y, p)),
        "mae": value(M.mean_absolute_error(y, p)),
        "r2": None if constant else value(M.r2_score(y, p)),
        "mean_error": value(np.mean(np.array(p) - np.array(y))),
        "mean_prediction": value(np.mean(p)),
        "mean_actual": value(np.mean(y)),
        "rows": len(y),
    }
    return {"name": name, "actual": y, "predicted": p, "expected": expected}


def rand(n, share=0.3, ties=None):
    y = (rng.random(n) < share).astype(int)
    s = 1 / (1 + np.exp(-(rng.standard_normal(n) + y - 1)))
    return y, (np.round(s, ties) if ties is not None else s)


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
Path(__file__).with_name("evaluation_vectors.json").write_text(
    json.dumps(
        {
            "scikit_learn": sklearn.__version__,
            "numpy": np.__version__,
            "classification": classification,
            "regression": regression,
        },
        allow_nan=False,
    )
)
