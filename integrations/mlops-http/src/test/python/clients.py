"""Asks a server with the clients of the protocols: clients.py URL. Prints one line a check."""

import json
import sys

import numpy as np
import pandas as pd
import requests
import tritonclient.http as triton
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

url = sys.argv[1]
host = url.removeprefix("http://")
client = triton.InferenceServerClient(host)


def check(name, holds):
    print(("ok " if holds else "FAILED ") + name)
    if not holds:
        sys.exit(1)


check("live and ready", client.is_server_live() and client.is_server_ready())
check("model ready", client.is_model_ready("sum") and client.is_model_ready("coffee", "0"))
check("extension", "binary_tensor_data" in client.get_server_metadata()["extensions"])
metadata = client.get_model_metadata("coffee")
check("metadata", [i["datatype"] for i in metadata["inputs"]] == ["FP64", "BYTES"])

NUMPY = {
    "BOOL": np.bool_, "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32,
    "UINT64": np.uint64, "INT8": np.int8, "INT16": np.int16, "INT32": np.int32,
    "INT64": np.int64, "FP16": np.float16, "FP32": np.float32, "FP64": np.float64,
}
for datatype, dtype in NUMPY.items():
    rows = np.array([[1, 0], [1, 1], [0, 1]], dtype=dtype)
    for binary in (True, False):
        if datatype == "FP16" and not binary:
            continue  # the client refuses it
        tensor = triton.InferInput("any", rows.shape, datatype)
        tensor.set_data_from_numpy(rows, binary_data=binary)
        outputs = [triton.InferRequestedOutput("predict", binary_data=binary)]
        found = client.infer("sum", [tensor], outputs=outputs).as_numpy("predict")
        check(f"matrix {datatype} binary={binary}", found.tolist() == [1, 3, 2])

hour = triton.InferInput("hour", [2], "INT64")
hour.set_data_from_numpy(np.array([8, 9]))
weather = triton.InferInput("weather", [2], "BYTES")
weather.set_data_from_numpy(np.array(["rain", "sun"], dtype=object))
answer = client.infer("coffee", [hour, weather], request_id="17", model_version="0")
check("id", answer.get_response()["id"] == "17")
check("labels", answer.as_numpy("predict").tolist() == [b"tea", b"coffee"])
check("probabilities", answer.as_numpy("probabilities").tolist() == [[0.25, 0.75], [0.75, 0.25]])
outputs = [triton.InferRequestedOutput("prediction_id"), triton.InferRequestedOutput("predict", binary_data=False)]
answer = client.infer("coffee", [hour, weather], outputs=outputs)
check("ids", len(set(answer.as_numpy("prediction_id").tolist())) == 2)
check("labels in JSON", answer.as_numpy("predict").tolist() in ([b"tea", b"coffee"], ["tea", "coffee"]))

try:
    client.infer("sum", [hour])
    check("a wrong request is an error", False)
except triton.InferenceServerException as e:
    check("a wrong request is an error", "is absent" in e.message() and e.status() == "400")
try:
    client.infer("nothing", [hour])
    check("an unknown model is an error", False)
except triton.InferenceServerException as e:
    check("an unknown model is an error", "there is no model" in e.message())

name, port = host.split(":")
scoring = ScoringServerClient(name, int(port))
scoring.ping()
frame = pd.DataFrame({"b": [10.0, 20.0], "a": [1.0, 2.0]})
predictions = scoring.invoke(frame).get_predictions()
check("mlflow frame", predictions[0].tolist() == [21.0, 42.0])
answer = requests.post(url + "/invocations", data=frame.to_csv(index=False), headers={"Content-Type": "text/csv"})
check("mlflow csv", json.loads(answer.text) == {"predictions": [21.0, 42.0]})
for body in (
    {"dataframe_split": json.loads(frame.to_json(orient="split"))},
    {"dataframe_records": json.loads(frame.to_json(orient="records"))},
    {"instances": json.loads(frame.to_json(orient="records"))},
    {"inputs": {"a": [1.0, 2.0], "b": [10.0, 20.0]}},
):
    answer = requests.post(url + "/invocations", json=body)
    check("mlflow " + next(iter(body)), answer.json() == {"predictions": [21.0, 42.0]})
