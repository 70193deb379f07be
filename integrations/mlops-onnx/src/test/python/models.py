"""Makes the ONNX models of the tests, with what ONNX Runtime in Python predicts.

    python -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python models.py

Each model is NAME.onnx, beside it NAME.json: the rows (null is missing), and the outputs.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import (
    DoubleTensorType,
    FloatTensorType,
    Int64TensorType,
    StringTensorType,
)
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

OUT = pathlib.Path(__file__).parent.parent / "resources/dev/mlops4j/onnx"
OPSET = {"": 17, "ai.onnx.ml": 3}
random = np.random.default_rng(7)


def save(name, model, feeds, rows, output):
    """Saves a model with what it predicts for these rows."""
    data = model.SerializeToString()
    (OUT / f"{name}.onnx").write_bytes(data)
    session = ort.InferenceSession(data, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    found = dict(zip(names, session.run(None, feeds)))
    values = found[output]
    if isinstance(values, list):
        values = [[row[key] for key in sorted(row)] for row in values]
    values = np.asarray(values, dtype=np.float64)
    (OUT / f"{name}.json").write_text(
        json.dumps({"rows": rows, "outputs": values.reshape(len(rows), -1).tolist()})
    )
    print(name, names, len(data))


def numbers(dtype, width, count=20):
    return random.normal(size=(count, width)).astype(dtype)


x = random.normal(size=(400, 4)).astype(np.float32)
binary = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(np.int64)
classes = np.array(["cold", "mild", "warm"])[np.digitize(x[:, 0], [-0.5, 0.5])]
number = (3 * x[:, 0] - x[:, 1] + 0.1 * x[:, 3]).astype(np.float64)
rows = numbers(np.float32, 4)

for zipmap in (True, False):
    suffix = "zipmap" if zipmap else "plain"
    options = {"zipmap": zipmap}
    model = LogisticRegression().fit(x, binary)
    save(
        f"binary-{suffix}",
        to_onnx(model, x[:1], options={id(model): options}, target_opset=OPSET),
        {"X": rows},
        rows.tolist(),
        "output_probability" if zipmap else "probabilities",
    )
    model = RandomForestClassifier(20, max_depth=5, random_state=7).fit(x, classes)
    save(
        f"classes-{suffix}",
        to_onnx(model, x[:1], options={id(model): options}, target_opset=OPSET),
        {"X": rows},
        rows.tolist(),
        "output_probability" if zipmap else "probabilities",
    )

model = RandomForestRegressor(10, max_depth=5, random_state=7).fit(x, number)
save("forest", to_onnx(model, x[:1], target_opset=OPSET), {"X": rows}, rows.tolist(), "variable")

rows64 = numbers(np.float64, 4)
model = LinearRegression().fit(x.astype(np.float64), number)
save(
    "double",
    to_onnx(model, initial_types=[("X", DoubleTensorType([None, 4]))], target_opset=OPSET),
    {"X": rows64},
    rows64.tolist(),
    "variable",
)

# A pipeline of columns, as data frames give it: numbers, whole numbers, categories.
carrier = np.array(["AA", "UA", "B6"])[random.integers(0, 3, 400)]
hour = random.integers(0, 24, 400)
distance = random.normal(800, 300, 400).astype(np.float32)
late = ((carrier == "UA") ^ (hour > 15)).astype(np.int64)


def frame(carrier, hour, distance):
    import pandas as pd

    return pd.DataFrame({"carrier": carrier, "hour": hour, "distance": distance})


pipeline = make_pipeline(
    ColumnTransformer(
        [
            ("category", OneHotEncoder(handle_unknown="ignore"), ["carrier"]),
            ("number", StandardScaler(), ["hour", "distance"]),
        ]
    ),
    LogisticRegression(),
).fit(frame(carrier, hour, distance), late)
asked = (
    np.array(["AA", "UA", "B6", "", "UA"]),
    np.array([1, 23, 12, 7, 0]),
    np.array([100, 2500, 800, 1, -5], dtype=np.float32),
)
save(
    "columns",
    to_onnx(
        pipeline,
        initial_types=[
            ("carrier", StringTensorType([None, 1])),
            ("hour", Int64TensorType([None, 1])),
            ("distance", FloatTensorType([None, 1])),
        ],
        options={id(pipeline): {"zipmap": False}},
        target_opset=OPSET,
    ),
    {
        "carrier": asked[0].reshape(-1, 1).astype(object),
        "hour": asked[1].reshape(-1, 1),
        "distance": asked[2].reshape(-1, 1),
    },
    [
        [None if c == "" else c, int(h), float(d)]
        for c, h, d in zip(asked[0].tolist(), asked[1], asked[2])
    ],
    "probabilities",
)

# A small network as PyTorch's exporter writes it: Gemm, Relu, Gemm, Sigmoid, dynamic batch.
net = MLPRegressor((8,), max_iter=300, random_state=7).fit(x, number)


def network(batch):
    weights = [w.astype(np.float32) for w in net.coefs_]
    biases = [b.astype(np.float32) for b in net.intercepts_]
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["input", "fc1.weight", "fc1.bias"], ["h"]),
            helper.make_node("Relu", ["h"], ["r"]),
            helper.make_node("Gemm", ["r", "fc2.weight", "fc2.bias"], ["z"]),
            helper.make_node("Sigmoid", ["z"], ["output"]),
        ],
        "main_graph",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, 4])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [batch, 1])],
        [
            onnx.numpy_helper.from_array(weights[0], "fc1.weight"),
            onnx.numpy_helper.from_array(biases[0], "fc1.bias"),
            onnx.numpy_helper.from_array(weights[1], "fc2.weight"),
            onnx.numpy_helper.from_array(biases[1], "fc2.bias"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


save("network", network("batch"), {"input": rows}, rows.tolist(), "output")
save("network-of-one", network(1), {"input": rows[:1]}, rows[:1].tolist(), "output")

# Every type of tensor that a column may have, added up.
TYPES = {
    "f32": (TensorProto.FLOAT, np.float32),
    "f64": (TensorProto.DOUBLE, np.float64),
    "i8": (TensorProto.INT8, np.int8),
    "i16": (TensorProto.INT16, np.int16),
    "i32": (TensorProto.INT32, np.int32),
    "i64": (TensorProto.INT64, np.int64),
    "u8": (TensorProto.UINT8, np.uint8),
    "b": (TensorProto.BOOL, np.bool_),
}
nodes = [helper.make_node("Cast", [n], [n + "_d"], to=TensorProto.DOUBLE) for n in TYPES]
nodes.append(helper.make_node("Sum", [n + "_d" for n in TYPES], ["total"]))
graph = helper.make_graph(
    nodes,
    "types",
    [helper.make_tensor_value_info(n, t, ["n"]) for n, (t, _) in TYPES.items()],
    [helper.make_tensor_value_info("total", TensorProto.DOUBLE, ["n"])],
)
made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
made.ir_version = 8
values = [[0.5, 0.25, -128, -32768, 7, 9007199254740992, 255, 1], [1, 2, 3, 4, 5, 6, 7, 0]]
save(
    "types",
    made,
    {n: np.array([row[i] for row in values]).astype(d) for i, (n, (_, d)) in enumerate(TYPES.items())},
    values,
    "total",
)
