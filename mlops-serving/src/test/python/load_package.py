"""Loads packages with MLflow and predicts: load_package.py FLAVOR DIRECTORY ROWS.json.

Prints the predictions of pyfunc, which have to be those of the flavour's own loader.
"""

import json
import sys

import mlflow
import numpy as np
import pandas as pd

flavor, directory, rows = sys.argv[1:]
frame = pd.DataFrame(json.load(open(rows))).astype(float)
found = mlflow.pyfunc.load_model(directory).predict(frame)
if isinstance(found, dict):
    found = list(found.values())[0]
found = np.asarray(found, dtype=float).reshape(len(frame), -1)
if flavor == "xgboost":
    import mlflow.xgboost
    import xgboost

    own = mlflow.xgboost.load_model(directory).predict(xgboost.DMatrix(frame))
elif flavor == "lightgbm":
    import mlflow.lightgbm

    own = mlflow.lightgbm.load_model(directory).predict(frame)
else:
    import mlflow.onnx

    mlflow.onnx.load_model(directory)
    own = found
assert np.array_equal(np.asarray(own, dtype=float).reshape(len(frame), -1), found), (own, found)
print(json.dumps(found.tolist()))
