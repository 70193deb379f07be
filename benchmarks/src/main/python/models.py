"""Trains the models of `benchmarks/compare predict` and writes them in the form that each side reads.

    python models.py DIRECTORY

Each model has a directory of its own with the same trees in every form:

    model.json, model.ubj   XGBoost; MLOps4J and XGBoost4J read these
    model.bin               XGBoost's old binary form; the last that ai.h2o xgboost-predictor reads
    model.txt               LightGBM
    model.onnx              ONNX Runtime
    rows.f32, expected.f32  rows to predict and what the library that trained the model says of them,
                            as little-endian floats, one row after another; NaN is a missing value

XGBoost is 1.7.6: it still writes the binary form, and a base score that XGBoost4J 3.0.4 reads right,
as it does not with models of 3.1 and later.
"""

import os
import sys
import warnings

import lightgbm
import numpy as np
import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.datasets import make_classification

FEATURES = 11
TRAINING_ROWS = 40_000
ROWS = 10_000
MISSING = 0.05
SEED = 20130101
OPSET = 15

INPUT = [("input", FloatTensorType([None, FEATURES]))]


def data():
    """Training data and rows to predict, none of them the same; one value in twenty is missing."""
    x, y = make_classification(
        TRAINING_ROWS + ROWS, FEATURES, n_informative=8, n_redundant=2, n_clusters_per_class=6,
        class_sep=0.7, flip_y=0.05, random_state=SEED)
    x = x.astype(np.float32)
    x[np.random.default_rng(SEED).random(x.shape) < MISSING] = np.nan
    return x[:TRAINING_ROWS], y[:TRAINING_ROWS], x[TRAINING_ROWS:]


def write(directory, onnx, rows, expected):
    with open(os.path.join(directory, "model.onnx"), "wb") as file:
        file.write(onnx.SerializeToString())
    rows.astype("<f4").tofile(os.path.join(directory, "rows.f32"))
    np.asarray(expected).astype("<f4").tofile(os.path.join(directory, "expected.f32"))


def folder(root, name):
    directory = os.path.join(root, name)
    os.makedirs(directory, exist_ok=True)
    return directory


def xgboost_model(root, x, y, rows, trees, depth):
    booster = xgboost.train(
        dict(objective="binary:logistic", max_depth=depth, eta=0.1, tree_method="hist", nthread=2, seed=SEED),
        xgboost.DMatrix(x, y), trees)
    directory = folder(root, f"xgboost-{trees}x{depth}")
    for name in ("model.json", "model.ubj"):
        booster.save_model(os.path.join(directory, name))
    with open(os.path.join(directory, "model.bin"), "wb") as file:
        file.write(booster.save_raw("deprecated"))
    onnx = onnxmltools.convert_xgboost(booster, initial_types=INPUT, target_opset=OPSET)
    write(directory, onnx, rows, booster.predict(xgboost.DMatrix(rows)))


def lightgbm_model(root, x, y, rows, trees, leaves):
    booster = lightgbm.train(
        dict(objective="binary", num_leaves=leaves, learning_rate=0.1, num_threads=2, seed=SEED, verbose=-1),
        lightgbm.Dataset(x, y), trees)
    directory = folder(root, f"lightgbm-{trees}x{leaves}")
    booster.save_model(os.path.join(directory, "model.txt"))
    onnx = onnxmltools.convert_lightgbm(booster, initial_types=INPUT, target_opset=OPSET, zipmap=False)
    write(directory, onnx, rows, booster.predict(rows))


def main():
    warnings.filterwarnings("ignore")
    root = sys.argv[1]
    x, y, rows = data()
    xgboost_model(root, x, y, rows, 100, 6)
    xgboost_model(root, x, y, rows, 500, 8)
    lightgbm_model(root, x, y, rows, 100, 31)


if __name__ == "__main__":
    main()
