"""Writes printed.json: tensors and how numpy prints them, the oracle of tensorText.test.ts. Needs numpy; made with 2.4.6."""

import json
import pathlib

import numpy as np

PRINT = dict(separator=", ", threshold=1000, edgeitems=3, max_line_width=100, precision=4, floatmode="maxprec_equal")
random = np.random.default_rng(1)


def normal(*shape, scale=1.0):
    return (scale * random.standard_normal(shape)).astype(np.float32)


def spread(*shape):
    """Many values by a rule, which the test knows too: they are not stored."""
    i = np.arange(np.prod(shape), dtype=np.int64)
    return ((i * 7919 % 10007 - 5003) / 1000).astype(np.float32).reshape(shape)


nan, inf = np.nan, np.inf
CASES = {
    "whole": np.float32([[1, 2, 3], [40, 5, 6]]),
    "halves": np.float32([[1, 2.5], [-3.25, 100]]),
    "decimals": normal(4, 5),
    "wide range": np.float32([[1e-3, 1], [250, -3e4]]),
    "small": np.float32([1e-5, 2.5e-5, 0]),
    "large": np.float32([1.5e8, 2e8]),
    "small exponents of different lengths": np.float32([1e-30, 1, 2.5]),
    "thirds": np.float32([1 / 3, 2 / 3, 100 / 3]),
    "negative zero": np.float32([0, -0.0, 1]),
    "zeros": np.zeros((2, 2), np.float32),
    "nan": np.float32([[nan, 1.5], [-2, 3]]),
    "infinities": np.float32([inf, -inf, 1]),
    "nan alone": np.float32([nan, nan]),
    "infinity of one sign": np.float32([inf, 12.125]),
    "nan beside exponents": np.float32([nan, 1e-9, 1e9]),
    "one": np.float32([[[1]]]),
    "three axes": normal(2, 3, 4),
    "four axes": normal(2, 2, 2, 3),
    "six axes": normal(1, 2, 1, 2, 1, 2),
    "long row": normal(40),
    "rows of several lines": normal(3, 30, scale=100),
    "int32": np.int32([[1, -20], [300, 4]]),
    "bool": np.array([[True, False], [False, False]]),
    "large vector": spread(1001),
    "large matrix": spread(60, 784),
    "one long axis": spread(2, 1200),
    "large images": spread(20, 28, 28),
    "large, one row": spread(1, 5000),
    "complex": np.complex64([1 + 2j, -0.5 - 3j]),
    "complex matrix": (normal(2, 2) + 1j * normal(2, 2)).astype(np.complex64),
}


def stored(array):
    kind = {"float32": "float32", "int32": "int32", "bool": "bool", "complex64": "complex64"}[array.dtype.name]
    flat = array.astype(np.complex64).view(np.float32) if kind == "complex64" else array.astype(np.float32)
    values = [repr(float(value)) for value in flat.ravel()] if array.size <= 1000 else "spread"
    return {"dtype": kind, "shape": list(array.shape), "values": values, "printed": np.array2string(array, **PRINT)}


cases = {name: stored(array) for name, array in CASES.items()}
pathlib.Path(__file__).with_name("printed.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
