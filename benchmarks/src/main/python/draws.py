"""What the peers of `benchmarks/compare calibration` read: the same draws as ours.

A file holds columns of float64 in the byte order of x86, of each column the reference's rows, then the current ones; NaN
is missing, a category is its number.
"""

import numpy as np
import pandas as pd


def columns(file, reference, current, count, kind):
    """Pairs of series, one a column; kind is numbers, integers or categories."""
    rows = reference + current
    values = np.fromfile(file, dtype="<f8", count=count * rows).reshape(count, rows)
    for row in values:
        yield series(row[:reference], kind), series(row[reference:], kind)


def frames(file, reference, current, count, kind):
    """Two frames with a column for each draw."""
    pairs = list(columns(file, reference, current, count, kind))
    return (pd.DataFrame({f"x{i}": pair[side].array for i, pair in enumerate(pairs)}) for side in (0, 1))


def series(values, kind):
    if kind == "categories":
        return pd.Series(["c" + str(int(v)) for v in values], dtype=object)
    return pd.Series(values.astype(np.int64) if kind == "integers" else values)
