"""Trains small models with Python's XGBoost and writes what it predicts for some rows.

Run with: python make_vectors.py   (needs xgboost and numpy; made with xgboost 3.2.0)

XGBoost4J 3.0.4 does not read the list form of base_score that 3.1 and later write and takes 0.5
instead, so base_score is 0.5 here.
"""

import json
import pathlib

import numpy as np
import xgboost

HERE = pathlib.Path(__file__).parent
NAMES = ["distance", "wind_speed", "carrier"]


def rows(count, rng):
    x = np.column_stack(
        [
            100 + 900 * rng.random(count),
            np.abs(rng.normal(size=count)) * 10,
            rng.integers(0, 4, count).astype(float),
        ]
    )
    x[rng.random(count) < 0.1, 1] = np.nan
    x[rng.random(count) < 0.05, 2] = np.nan
    return x


def main():
    rng = np.random.default_rng(7)
    x = rows(800, rng)
    score = x[:, 0] / 300 + np.nan_to_num(x[:, 1], nan=5) / 5 + 2 * (x[:, 2] == 2)
    score += rng.normal(size=len(x))
    test = rows(60, rng)
    test[0] = [np.inf, -np.inf, np.nan]
    test[1] = [-0.0, 1e300, 3.0]
    result = {"xgboost": xgboost.__version__, "names": NAMES, "tasks": {}}
    tasks = {
        "binary": ({"objective": "binary:logistic"}, (score > 5).astype(float)),
        "regression": ({"objective": "reg:squarederror"}, score),
        "multiclass": (
            {"objective": "multi:softprob", "num_class": 3},
            np.clip(np.floor(score / 3), 0, 2),
        ),
    }
    for task, (params, label) in tasks.items():
        matrix = xgboost.DMatrix(x.astype(np.float32), label=label, feature_names=NAMES)
        params = {**params, "max_depth": 4, "eta": 0.2, "base_score": 0.5, "nthread": 1}
        booster = xgboost.train(params, matrix, num_boost_round=12)
        file = HERE / f"{task}.ubj"
        booster.save_model(file)
        predicted = booster.inplace_predict(test.astype(np.float32), missing=np.nan)
        result["tasks"][task] = [
            [float(v) for v in np.atleast_1d(row)] for row in predicted
        ]
    result["rows"] = [["NaN" if np.isnan(v) else str(v) for v in row] for row in test.tolist()]
    (HERE / "predictions.json").write_text(json.dumps(result, indent=1))


main()
