"""Reads arrays of floats with pandas and says "ok ..." for everything that is as it should be.

    arrays.py FILE BACK

writes BACK as pandas writes arrays, for the way back.
"""

import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def check(what, condition):
    print(("ok " if condition else "WRONG ") + what)


kind = pq.read_schema(sys.argv[1]).field("embedding").type
check("list of float", pa.types.is_list(kind) and kind.value_type == pa.float32())
frame = pd.read_parquet(sys.argv[1])
first, second, third = frame["embedding"]
check("NumPy's array", isinstance(first, np.ndarray) and first.dtype == np.float32)
check("elements", np.array_equal(first, np.array([0.1, -2, 1e-45], dtype=np.float32)))
check("null", second is None)
check("NaN and infinity", np.isnan(third[0]) and third[1] == -np.inf and np.signbit(third[2]))
matrix = np.stack([first, third])
check("matrix", matrix.shape == (2, 3) and matrix.dtype == np.float32)

pd.DataFrame(
    {
        "narrow": [np.array([0.1, np.inf, -0.0], dtype=np.float32), None],
        "wide": [[0.1, 2.0, 3.0], [1.0, 2.0, 3.0]],
    }
).to_parquet(sys.argv[2])
print("ok written by pandas")
