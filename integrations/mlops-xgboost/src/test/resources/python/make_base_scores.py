"""Models of an XGBoost that stores its base score as a list, with what Python predicts.

    python -m venv venv && venv/bin/pip install xgboost==3.1.1 numpy==1.26.4
    venv/bin/python make_base_scores.py
"""

import json
import pathlib

import numpy as np
import xgboost as xgb

OUT = pathlib.Path(__file__).parent
NAMES = ["a", "b", "c"]
random = np.random.default_rng(5)
x = random.normal(size=(300, 3)).astype(np.float32)
asked = random.normal(size=(60, 3)).astype(np.float32)
asked[::7, 1] = np.nan
targets = {
    "binary": ((x[:, 0] > 1).astype(int), {"objective": "binary:logistic", "base_score": 0.2}),
    "regression": (x[:, 0] + 40, {"objective": "reg:squarederror"}),
    "multiclass": (np.digitize(x[:, 0], [-1, 1]), {"objective": "multi:softprob", "num_class": 3}),
}
tasks = {}
for name, (target, params) in targets.items():
    booster = xgb.train(
        {"max_depth": 3, "seed": 5, **params}, xgb.DMatrix(x, target, feature_names=NAMES), 3
    )
    booster.save_model(OUT / f"{name}-3.1.ubj")
    tasks[name] = booster.predict(xgb.DMatrix(asked, feature_names=NAMES)).reshape(60, -1).tolist()
    score = json.loads(booster.save_config())["learner"]["learner_model_param"]["base_score"]
    print(name, score)
rows = [[str(float(v)) for v in row] for row in asked]
(OUT / "predictions-3.1.json").write_text(
    json.dumps({"names": NAMES, "rows": rows, "tasks": tasks})
)
