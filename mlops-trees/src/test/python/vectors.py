"""Trains small models and writes what Python predicts with them, for VectorsTest.

    python3 vectors.py xgboost|lightgbm OUTPUT_DIRECTORY

once in an environment of its own for each of XGBoost 1.7.6, 2.0.3, 2.1.4, 3.0.5, 3.1.1, 3.2.0 (with
pandas) and LightGBM 4.6.0 (with pandas and scikit-learn), on Linux, one thread.

Each file is gzip of big-endian values:
    int n, n bytes of the model; int precision (32 or 64);
    int rows, int features, rows as floats of that precision;
    int margins, the margins; int outputs, the predictions (same precision);
    int trees, the leaves as ints, -1 if unknown;
    int contributions (0: none), as float64, NaN if unknown;
    int iterations (0: none), the margins of the first so many iterations.
"""

import gzip
import io
import os
import struct
import sys
import tempfile
import warnings

import numpy as np

warnings.filterwarnings("ignore")
FEATURES = 6


class Writer:
    def __init__(self, directory):
        self.directory = directory
        self.failures = []

    def write(self, name, model, x, precision, margins, outputs, leaves, contributions, limited):
        f = ">f4" if precision == 32 else ">f8"
        n = len(x)
        out = io.BytesIO()

        def array(a, kind):
            a = np.asarray(a).reshape(n, -1)
            out.write(struct.pack(">i", a.shape[1]))
            out.write(a.astype(kind).tobytes())

        out.write(struct.pack(">i", len(model)) + model)
        out.write(struct.pack(">ii", precision, n))
        array(x, f)
        array(margins, f)
        array(outputs, f)
        array(leaves, ">i4")
        if contributions is None:
            out.write(struct.pack(">i", 0))
        else:
            array(contributions, ">f8")
        iterations, of_first = limited
        out.write(struct.pack(">i", iterations))
        if iterations:
            out.write(np.asarray(of_first).reshape(n, -1).astype(f).tobytes())
        with open(os.path.join(self.directory, name + ".gz"), "wb") as file:
            with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=9) as z:
                z.write(out.getvalue())


def training_data(random, categorical):
    x = random.normal(size=(400, FEATURES)).astype(np.float32)
    x[:, 1] = np.round(x[:, 1] * 2)  # many equal values, zeros among them
    x[:, 2] *= 1e-3
    if categorical:
        x[:, 4] = random.integers(0, 3, 400)
        x[:, 5] = random.integers(0, 40, 400)
    x[random.random(x.shape) < 0.08] = np.nan
    z = np.nan_to_num(x)
    signal = z[:, 0] + 0.5 * z[:, 1] * (z[:, 3] > 0) + 300 * z[:, 2]
    if categorical:
        signal = signal + np.isin(z[:, 5], [1, 3, 8, 21]) * 2.0 + (z[:, 4] == 1)
    return x, signal + random.normal(size=400) * 0.3


def probes(random, x, thresholds, categorical, dtype):
    """Rows to predict: ordinary ones, and ones made to fall on the edges."""
    rows = [x[:24].astype(dtype)]
    base = x[24:32].astype(dtype)
    info = np.finfo(dtype)
    specials = [np.nan, 0.0, -0.0, info.max, -info.max, info.tiny, -info.tiny,
                info.smallest_subnormal, 1e-35, -1e-35, 1.1e-35, np.inf, -np.inf]
    for value in specials:
        row = base[random.integers(0, 8)].copy()
        row[random.integers(0, FEATURES)] = value
        rows += [row[None], np.full((1, FEATURES), value, dtype=dtype)]
    pick = random.permutation(len(thresholds))[:10]
    for i in pick:
        feature, t = thresholds[i]
        t = dtype(t)
        for value in (t, np.nextafter(t, dtype(np.inf)), np.nextafter(t, dtype(-np.inf))):
            row = base[random.integers(0, 8)].copy()
            row[feature] = value
            rows.append(row[None])
    if categorical:
        for value in (0, 2, 3, 7, 31, 32, 39, 40, 63, 64, 1000, 2.5, -0.5, -1, 16777215, 16777216, 3e9):
            row = base[random.integers(0, 8)].copy()
            row[4] = row[5] = value
            rows.append(row[None])
    return np.concatenate(rows).astype(dtype)


# --------------------------------------------------------------------------- XGBoost


def xgboost_models(writer):
    import json

    import xgboost as xgb

    version = tuple(int(v) for v in xgb.__version__.split("."))
    label = ".".join(str(v) for v in version)

    def labels(kind, signal, random):
        return {
            "value": signal, "binary": (signal > 0).astype(int),
            "class": np.digitize(signal, [-0.7, 0.7]), "positive": np.exp(signal / 3) + 0.01,
            "count": random.poisson(np.exp(np.clip(signal / 3, -3, 3))),
            "unit": 1 / (1 + np.exp(-signal)), "grade": np.digitize(signal, [-1, 0, 1]),
            "survival": np.where(signal > -1, 1, -1) * (np.exp(signal / 3) + 0.01),
            "targets": np.stack([signal, -signal * 2 + 1], axis=1),
        }[kind]

    def custom(margin, data):
        return margin - data.get_label(), np.ones(len(margin))

    o = [
        ("squared-error", "value", dict(objective="reg:squarederror"), {}),
        ("squared-error-base", "value", dict(objective="reg:squarederror", base_score=-1.3), {}),
        ("squared-log-error", "positive", dict(objective="reg:squaredlogerror"), {}),
        ("pseudo-huber", "value", dict(objective="reg:pseudohubererror"), {}),
        ("absolute-error", "value", dict(objective="reg:absoluteerror"), {}),
        ("logistic", "binary", dict(objective="binary:logistic"), {}),
        ("logistic-base", "binary", dict(objective="binary:logistic", base_score=0.123), {}),
        ("logistic-steep", "binary", dict(objective="binary:logistic", eta=40, max_delta_step=40, min_child_weight=0, reg_lambda=0), {}),
        ("reg-logistic", "unit", dict(objective="reg:logistic"), {}),
        ("logitraw", "binary", dict(objective="binary:logitraw"), {}),
        ("hinge", "binary", dict(objective="binary:hinge"), {}),
        ("softprob", "class", dict(objective="multi:softprob", num_class=3), {}),
        ("softmax", "class", dict(objective="multi:softmax", num_class=3, base_score=0.3), {}),
        ("softprob-forest", "class", dict(objective="multi:softprob", num_class=3, num_parallel_tree=3, subsample=0.7, colsample_bynode=0.7), {}),
        ("poisson", "count", dict(objective="count:poisson"), {}),
        ("gamma", "positive", dict(objective="reg:gamma", base_score=0.77), {}),
        ("tweedie", "positive", dict(objective="reg:tweedie", tweedie_variance_power=1.3), {}),
        ("cox", "survival", dict(objective="survival:cox"), {}),
        ("aft", "positive", dict(objective="survival:aft"), dict(bounds=True)),
        ("pairwise", "grade", dict(objective="rank:pairwise"), dict(group=True)),
        ("ndcg", "grade", dict(objective="rank:ndcg"), dict(group=True)),
        ("map", "binary", dict(objective="rank:map"), dict(group=True)),
        ("random-forest", "binary", dict(objective="binary:logistic", num_parallel_tree=8, eta=1, subsample=0.6, colsample_bynode=0.6), dict(rounds=1)),
        ("dart", "value", dict(booster="dart", objective="reg:squarederror", rate_drop=0.4), dict(rounds=9)),
        ("dart-logistic", "binary", dict(booster="dart", objective="binary:logistic", rate_drop=0.4, base_score=0.3), dict(rounds=9)),
        ("dart-softprob", "class", dict(booster="dart", objective="multi:softprob", num_class=3, rate_drop=0.4), dict(rounds=6)),
        ("one-hot", "value", dict(objective="reg:squarederror", max_cat_to_onehot=100, tree_method="hist"), dict(categorical=True)),
        ("partition", "value", dict(objective="reg:squarederror", max_cat_to_onehot=1, tree_method="hist"), dict(categorical=True)),
        ("partition-logistic", "binary", dict(objective="binary:logistic", max_cat_to_onehot=5, tree_method="hist"), dict(categorical=True)),
        ("early-stopped", "binary", dict(objective="binary:logistic", eta=1), dict(rounds=40, early=True)),
        ("custom", "value", dict(base_score=0.25), dict(custom=True)),
        ("targets", "targets", dict(objective="reg:squarederror"), {}),
        ("leaf-wise", "value", dict(objective="reg:squarederror", grow_policy="lossguide", max_leaves=24, max_depth=0, tree_method="hist"), {}),
        ("exact", "binary", dict(objective="binary:logistic", tree_method="exact", gamma=0.5), {}),
        ("stump", "value", dict(objective="reg:squarederror", max_depth=1), {}),
        ("no-split", "value", dict(objective="reg:squarederror", gamma=1e9), dict(rounds=3)),
        ("deep", "value", dict(objective="reg:squarederror", max_depth=40, min_child_weight=0, gamma=0, reg_lambda=0), dict(rounds=2)),
    ]
    if version >= (2, 0):
        o.append(("quantiles", "value", dict(objective="reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9]), {}))
        o.append(("quantile", "value", dict(objective="reg:quantileerror", quantile_alpha=0.3), {}))
    if version >= (3, 2):
        o.append(("frame", "value", dict(objective="reg:squarederror", max_cat_to_onehot=5, tree_method="hist"), dict(categorical=True, frame=True)))
    for index, (name, kind, params, options) in enumerate(o):
        random = np.random.default_rng(index * 100 + version[0] * 10 + version[1])
        categorical = options.get("categorical", False)
        x, signal = training_data(random, categorical)
        y = labels(kind, signal, random)
        types = ["float"] * 4 + ["c", "c"] if categorical else None
        matrix = dict(feature_types=types, enable_categorical=categorical)

        def dmatrix(of, label=None):
            return xgb.DMatrix(of, label, nthread=1, **matrix)

        if options.get("frame"):
            import pandas as pd

            frame = pd.DataFrame(x, columns=list("abcdef"))
            codes = [frame[c].fillna(-1).astype(int) for c in "ef"]
            frame["e"] = pd.Categorical.from_codes(codes[0], ["red", "green", "blue"])
            frame["f"] = pd.Categorical.from_codes(codes[1], list(range(100, 140)))
            data = xgb.DMatrix(frame, y, enable_categorical=True, nthread=1)
        else:
            data = dmatrix(x, None if options.get("bounds") else y)
        if options.get("bounds"):
            data.set_float_info("label_lower_bound", y)
            data.set_float_info("label_upper_bound", y * 1.5)
        if options.get("group"):
            data.set_group([40] * 10)
        full = dict(max_depth=4, eta=0.4, nthread=1, seed=index)
        full.update(params)
        more = {}
        if options.get("early"):
            more = dict(evals=[(dmatrix(x[:100], 1 - y[:100]), "e")], early_stopping_rounds=4, verbose_eval=False)
        if options.get("custom"):
            more = dict(obj=custom)
        booster = xgb.train(full, data, options.get("rounds", 7), **more)
        suffix = "json" if index % 2 else "ubj"
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m." + suffix)
            booster.save_model(path)
            with open(path, "rb") as file:
                model = file.read()
            booster = xgb.Booster(model_file=path)
        booster.set_param({"nthread": 1})
        trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]
        trees = trees.get("gbtree", trees)["model"]["trees"]
        thresholds = [(t["split_indices"][i], t["split_conditions"][i])
                      for t in trees for i in range(len(t["left_children"]))
                      if t["left_children"][i] != -1 and not t["split_type"][i]]
        rows = probes(random, x, thresholds, categorical, np.float32)
        finite = ~np.isinf(rows).any(axis=1)
        if categorical:
            finite &= ~((rows[:, 4] < 0) | (rows[:, 5] < 0) | (rows[:, 4] > 1e7) | (rows[:, 5] > 1e7))
        if full.get("booster") == "dart":  # inplace_predict rounds otherwise than predict
            rows = rows[finite]
            finite = np.ones(len(rows), dtype=bool)
        if options.get("frame"):
            rows = rows[finite & (np.nan_to_num(rows[:, 4]) < 3) & (np.nan_to_num(rows[:, 5]) < 40)
                        & (np.floor(np.nan_to_num(rows[:, 4])) == np.nan_to_num(rows[:, 4]))
                        & (np.floor(np.nan_to_num(rows[:, 5])) == np.nan_to_num(rows[:, 5]))]
            finite = np.ones(len(rows), dtype=bool)
            frame = pd.DataFrame(rows, columns=list("abcdef"))
            codes = [frame[c].fillna(-1).astype(int) for c in "ef"]
            frame["e"] = pd.Categorical.from_codes(codes[0], ["red", "green", "blue"])
            frame["f"] = pd.Categorical.from_codes(codes[1], list(range(100, 140)))
            checked = xgb.DMatrix(frame, enable_categorical=True, nthread=1)
        else:
            checked = dmatrix(rows[finite])

        def predict(margin, **k):
            of_finite = booster.predict(checked, output_margin=margin, **k)
            result = np.zeros((len(rows),) + of_finite.shape[1:], dtype=np.float32)
            result[finite] = of_finite
            if not finite.all():
                try:
                    result[~finite] = booster.inplace_predict(
                        rows[~finite], predict_type="margin" if margin else "value", missing=np.nan, **k)
                except Exception as e:  # categories that this release refuses
                    print(label, name, str(e)[:80])
                    return result[finite]
            return result

        margins = predict(True)
        if len(margins) != len(rows):
            rows = rows[finite]
            finite = np.ones(len(rows), dtype=bool)
        outputs = predict(False)
        leaf = booster.predict(checked, pred_leaf=True)
        leaf = leaf.reshape(len(leaf), -1)
        leaves = np.full((len(rows), leaf.shape[1]), -1)
        leaves[finite] = leaf
        try:
            shap = booster.predict(checked, pred_contribs=True)
            shap = shap.reshape(len(shap), -1)
            contributions = np.full((len(rows), shap.shape[1]), np.nan)
            contributions[finite] = shap
        except Exception as e:
            print(label, name, "no contributions:", str(e)[:80])
            contributions = None
        iterations = 0 if options.get("rounds") == 1 else 2
        if options.get("early"):
            iterations = booster.best_iteration + 1
        first = predict(True, iteration_range=(0, iterations)) if iterations else None
        writer.write(f"xgboost-{label}-{name}-{suffix}", model, rows, 32, margins, outputs, leaves,
                     contributions, (iterations, first))


# --------------------------------------------------------------------------- LightGBM


def lightgbm_models(writer):
    import lightgbm as lgb

    label = lgb.__version__
    models = [(f"{o}", k, dict(objective=o), {}) for o, k in [
        ("regression", "value"), ("regression_l1", "value"), ("huber", "value"), ("fair", "value"),
        ("poisson", "positive"), ("quantile", "value"), ("mape", "positive"), ("gamma", "positive"),
        ("tweedie", "positive"), ("binary", "binary"), ("cross_entropy", "unit"),
        ("cross_entropy_lambda", "unit"), ("lambdarank", "grade"), ("rank_xendcg", "grade")]]
    models += [
        ("sqrt", "value", dict(objective="regression", reg_sqrt=True), {}),
        ("sigmoid", "binary", dict(objective="binary", sigmoid=0.7), {}),
        ("steep", "binary", dict(objective="binary", sigmoid=3.0, learning_rate=50, lambda_l2=0), {}),
        ("multiclass", "class", dict(objective="multiclass", num_class=3), {}),
        ("multiclassova", "class", dict(objective="multiclassova", num_class=3, sigmoid=1.5), {}),
        ("forest", "binary", dict(objective="binary", boosting="rf", bagging_freq=1, bagging_fraction=0.6), {}),
        ("forest-regression", "value", dict(objective="regression", boosting="rf", bagging_freq=1, bagging_fraction=0.6), {}),
        ("forest-classes", "class", dict(objective="multiclass", num_class=3, boosting="rf", bagging_freq=1, bagging_fraction=0.6), {}),
        ("dart", "value", dict(objective="regression", boosting="dart"), {}),
        ("missing-none", "value", dict(objective="regression", use_missing=False), {}),
        ("missing-zero", "value", dict(objective="regression", zero_as_missing=True), {}),
        ("missing-zero-binary", "binary", dict(objective="binary", zero_as_missing=True), {}),
        ("no-missing-seen", "value", dict(objective="regression"), dict(full=True)),
        ("categorical", "value", dict(objective="regression"), dict(categorical=True)),
        ("categorical-binary", "binary", dict(objective="binary", max_cat_to_onehot=100), dict(categorical=True)),
        ("categorical-zero", "value", dict(objective="regression", zero_as_missing=True), dict(categorical=True)),
        ("categorical-none", "value", dict(objective="regression", use_missing=False), dict(categorical=True)),
        ("frame", "binary", dict(objective="binary"), dict(categorical=True, frame=True)),
        ("custom", "value", dict(objective="none"), dict(custom=True)),
        ("no-split", "value", dict(objective="regression", min_data_in_leaf=1000), {}),
        ("deep", "value", dict(objective="regression", num_leaves=200, min_data_in_leaf=1), {}),
        ("goss", "value", dict(objective="regression", data_sample_strategy="goss"), {}),
    ]
    for index, (name, kind, params, options) in enumerate(models):
        random = np.random.default_rng(1000 + index)
        categorical = options.get("categorical", False)
        x, signal = training_data(random, categorical)
        x = x.astype(np.float64)
        x[:, 0] += random.normal(size=400) * 1e-9  # not floats
        if options.get("full"):
            x = np.nan_to_num(x)
        y = {
            "value": signal, "binary": (signal > 0).astype(int), "class": np.digitize(signal, [-0.7, 0.7]),
            "positive": np.exp(signal / 3) + 0.01, "unit": 1 / (1 + np.exp(-signal)),
            "grade": np.digitize(signal, [-1, 0, 1]),
        }[kind]

        def frame(of):
            import pandas as pd

            f = pd.DataFrame(of, columns=list("abcdef"))
            codes = [f[c].fillna(-1).astype(int) for c in "ef"]
            f["e"] = pd.Categorical.from_codes(codes[0], ["red", "gr\u00fcn", "blue"])
            f["f"] = pd.Categorical.from_codes(codes[1], list(range(100, 140)))
            return f

        full = dict(num_leaves=12, learning_rate=0.3, num_threads=1, verbose=-1, seed=index, deterministic=True,
                    min_data_in_leaf=5, min_data_per_group=5, cat_smooth=1, feature_pre_filter=False)
        full.update(params)
        if options.get("custom"):
            full["objective"] = lambda p, d: (p - d.get_label(), np.ones(len(p)))
        kwargs = dict(group=[40] * 10) if kind == "grade" else {}
        data = lgb.Dataset(frame(x) if options.get("frame") else x, y, free_raw_data=False,
                           categorical_feature=[4, 5] if categorical and not options.get("frame") else "auto", **kwargs)
        booster = lgb.train(full, data, 7)
        model = booster.model_to_string().encode()
        booster = lgb.Booster(model_str=model.decode(), params=dict(num_threads=1))
        thresholds = []

        def visit(node):
            if "split_feature" in node:
                if node["decision_type"] == "<=":
                    thresholds.append((node["split_feature"], node["threshold"]))
                visit(node["left_child"])
                visit(node["right_child"])

        for tree in booster.dump_model()["tree_info"]:
            visit(tree["tree_structure"])
        rows = probes(random, x, thresholds, categorical, np.float64)
        rows = np.concatenate([rows, rows[:30].astype(np.float32).astype(np.float64)])
        if options.get("frame"):
            ok = lambda c, n: (np.nan_to_num(rows[:, c], posinf=-1, neginf=-1) >= 0) & (np.nan_to_num(rows[:, c]) < n) & (
                np.floor(np.nan_to_num(rows[:, c])) == np.nan_to_num(rows[:, c]))
            rows = rows[ok(4, 3) & ok(5, 40)]
            given = frame(rows)
        else:
            given = rows
        first = min(2, booster.current_iteration())
        leaf = booster.predict(given, pred_leaf=True)
        shap = booster.predict(given, pred_contrib=True)
        writer.write(f"lightgbm-{label}-{name}", model, rows, 64, booster.predict(given, raw_score=True),
                     booster.predict(given), leaf, shap,
                     (first, booster.predict(given, raw_score=True, num_iteration=first)))


if __name__ == "__main__":
    os.makedirs(sys.argv[2], exist_ok=True)
    {"xgboost": xgboost_models, "lightgbm": lightgbm_models}[sys.argv[1]](Writer(sys.argv[2]))
