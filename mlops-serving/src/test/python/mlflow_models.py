"""Saves models with MLflow, and what they predict, for the tests of imports.

    for v in 2.9 2.22 3.4; do
      python -m venv venv-$v && venv-$v/bin/pip install -r requirements-$v.txt
      venv-$v/bin/python mlflow_models.py
    done

Each is a directory MLFLOW-VERSION-NAME as MLflow saved it, without the files that say how to build
an environment, and beside it NAME.json: rows by name and what Python predicts for them.
"""

import json
import pathlib
import shutil

import lightgbm
import mlflow
import mlflow.lightgbm
import mlflow.onnx
import mlflow.xgboost
import numpy as np
import onnx
import pandas as pd
import xgboost
from mlflow.models import infer_signature
from onnx import TensorProto, helper

OUT = pathlib.Path(__file__).parent.parent / "resources/dev/mlops4j/serving/mlflow"
VERSION = ".".join(mlflow.__version__.split(".")[:2])
KEEP = {"MLmodel", "input_example.json"}

random = np.random.default_rng(11)
frame = pd.DataFrame(
    {
        "distance": random.normal(800, 300, 300).round(1),
        "hour": random.integers(0, 24, 300).astype(float),
        "wind": random.normal(10, 5, 300).round(2),
    }
)
frame.loc[::7, "wind"] = np.nan
late = ((frame.distance > 800) ^ (frame.hour > 12)).astype(int)
minutes = frame.distance / 10 + frame.hour
kind = np.digitize(frame.distance, [700, 900])
asked = frame.iloc[:6]


def save(name, write, predictions, example=False, signature=True):
    target = OUT / f"{VERSION}-{name}"
    shutil.rmtree(target, ignore_errors=True)
    more = {}
    if signature:
        more["signature"] = infer_signature(frame, np.asarray(predictions, dtype=float))
    if example:
        more["input_example"] = asked.iloc[:3]
    write(str(target), more)
    for file in target.iterdir():
        if file.name not in KEEP and not file.name.startswith("model."):
            file.unlink()
    rows = json.loads(asked.to_json(orient="records"))
    values = np.asarray(predictions, dtype=np.float64).reshape(len(asked), -1)
    (OUT / f"{VERSION}-{name}.json").write_text(json.dumps({"rows": rows, "outputs": values.tolist()}))
    print(VERSION, name, sorted(f.name for f in target.iterdir()))


params = {"max_depth": 3, "eta": 0.3, "seed": 1}
matrix = xgboost.DMatrix(frame, late)
booster = xgboost.train({**params, "objective": "binary:logistic"}, matrix, 8)
predicted = booster.predict(xgboost.DMatrix(asked))
formats = ["json", "ubj"] if VERSION != "2.9" else ["json", "ubj", "xgb"]
for form in formats:
    save(
        f"xgboost-{form}",
        lambda path, more: mlflow.xgboost.save_model(booster, path, model_format=form, **more),
        predicted,
        example=form == "ubj",
        signature=form != "json",
    )
classifier = xgboost.XGBClassifier(n_estimators=6, max_depth=3).fit(frame, kind)
save(
    "xgboost-classifier",
    lambda path, more: mlflow.xgboost.save_model(classifier, path, **more),
    classifier.predict_proba(asked),
)
stopped = xgboost.XGBRegressor(n_estimators=60, max_depth=3, early_stopping_rounds=2, learning_rate=1.0)
stopped.fit(frame[:150], minutes[:150], eval_set=[(frame[150:], random.permutation(minutes[150:]))], verbose=False)
save(
    "xgboost-stopped",
    lambda path, more: mlflow.xgboost.save_model(stopped, path, **more),
    stopped.get_booster().predict(xgboost.DMatrix(asked)),
)
trees = lightgbm.train(
    {"objective": "regression", "num_leaves": 7, "verbose": -1}, lightgbm.Dataset(frame, minutes), 8
)
save(
    "lightgbm",
    lambda path, more: mlflow.lightgbm.save_model(trees, path, **more),
    trees.predict(asked),
    example=True,
)
wrapped = lightgbm.LGBMClassifier(n_estimators=3, num_leaves=4, verbose=-1).fit(frame, late)
save(
    "lightgbm-classifier",
    lambda path, more: mlflow.lightgbm.save_model(wrapped, path, **more),
    wrapped.predict_proba(asked)[:, 1],
)

graph = helper.make_graph(
    [helper.make_node("Gemm", ["x", "w"], ["z"]), helper.make_node("Sigmoid", ["z"], ["p"])],
    "logistic",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])],
    [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["n", 1])],
    [onnx.numpy_helper.from_array(np.array([[0.001], [-0.1]], np.float32), "w")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
model.ir_version = 8
two = frame[["distance", "hour"]].to_numpy()
target = OUT / f"{VERSION}-onnx"
shutil.rmtree(target, ignore_errors=True)
mlflow.onnx.save_model(model, str(target))
for file in target.iterdir():
    if file.name not in KEEP and not file.name.startswith("model."):
        file.unlink()
outputs = 1 / (1 + np.exp(-(two[:6] @ np.array([[0.001], [-0.1]]))))
(OUT / f"{VERSION}-onnx.json").write_text(
    json.dumps({"rows": [{"f0": a, "f1": b} for a, b in two[:6].tolist()], "outputs": outputs.tolist()})
)
