"""Inputs that are not what they say, and what becomes of them at every door.

The functions here are called in processes of their own: what is wrong with an input may end one.
Sparse matrices are read a second time in plain Python, entry by entry, with every bound looked at.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from sigmoide import LogisticRegression, certify, logit
from sigmoide.errors import SigmoideError

N = 24
FORMATS = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")


# --- arrays of every kind, and where they come in


def a_list_in_itself() -> list[Any]:
    held: list[Any] = []
    held.append(held)
    return held


def with_entry(value: Any) -> np.ndarray:
    held = np.ones(N).astype(object)
    held[3] = value
    return held


def broken_sparse() -> sp.csr_array:
    held = sp.csr_array(np.ones((N, 1)))
    held.indices[3] = 10**9
    return held


def hidden(values: Any) -> np.ma.MaskedArray:
    return np.ma.array(values, mask=np.arange(N) == 3)


# One value a row, in a form that is no such thing anywhere.
NO_ARRAYS: dict[str, Callable[[], Any]] = {
    "text": lambda: "words",
    "bytes": lambda: b"bytes",
    "bytearray": lambda: bytearray(b"bytes"),
    "a generator": lambda: (1.0 for _ in range(N)),
    "an iterator": lambda: iter([1.0] * N),
    "a set": lambda: set(range(N)),
    "a mapping": lambda: dict.fromkeys(range(N), 1.0),
    "an object": lambda: object(),
    "a function": lambda: with_entry,
    "rows of different lengths": lambda: [[1, 2], [1]] * (N // 2),
    "no dimension": lambda: np.array(1.0),
    "three dimensions": lambda: np.ones((N, 2, 2)),
    "no entries": lambda: np.empty(0),
    "a list in itself": a_list_in_itself,
    "a sparse column": lambda: sp.csc_array(np.ones((N, 1))),
    "a damaged sparse column": broken_sparse,
    "a masked constant": lambda: np.ma.masked,
    "structures": lambda: np.zeros(N, dtype=[("a", float)]),
    "masked structures": lambda: np.ma.array(np.zeros(N, dtype=[("a", float)]), mask=True),
    "complex": lambda: np.ones(N) + 0j,
    "complex numbers": lambda: [1j] * N,
    "one complex object": lambda: with_entry(1j),
    "a mapping in it": lambda: with_entry({"a": 1}),
    "objects": lambda: [object()] * N,
}
MASKED: dict[str, Callable[[], Any]] = {
    "a mask": lambda: hidden(np.arange(N) % 2),
    "a mask of a long double": lambda: hidden((np.arange(N) % 2).astype(np.longdouble)),
    "one masked entry": lambda: [np.ma.masked] + [1.0, 0.0] * (N // 2 - 1) + [1.0],
}
# Fine as labels, and no numbers.
NO_NUMBERS: dict[str, Callable[[], Any]] = {
    "words": lambda: ["a", "b"] * (N // 2),
    "digits": lambda: ["1"] * N,
    "bytes in an array": lambda: np.array([b"1"] * N),
    "beyond float64": lambda: [10**400] + [1] * (N - 1),
    "beyond what Python writes": lambda: [10**5000] + [1] * (N - 1),
    "one beyond float64": lambda: with_entry(10**400),
    "a decimal beyond float64": lambda: with_entry(Decimal("1e400")),
    "dates": lambda: np.array(["2020-01-01"] * N, dtype="M8[D]"),
    "no dates": lambda: np.array(["NaT"] * N, dtype="M8[D]"),
    "durations": lambda: np.ones(N, dtype="m8[D]"),
    "one NaT": lambda: with_entry(pd.NaT),
    "a huge text": lambda: ["x" * 10**6] * N,
    "nothing finite": lambda: np.full(N, np.inf),
}
# Ones, whatever they come in.
ONES: dict[str, Callable[[], Any]] = {
    "no mask": lambda: np.ma.array(np.ones(N)),
    "an empty mask": lambda: np.ma.array(np.ones(N), mask=np.zeros(N, dtype=bool)),
    "decimals": lambda: [Decimal(1)] * N,
    "fractions": lambda: [Fraction(1)] * N,
    "objects": lambda: with_entry(1),
    "long doubles": lambda: np.ones(N, dtype=np.longdouble),
    "half floats": lambda: np.ones(N, dtype=np.float16),
    "booleans": lambda: np.ones(N, dtype=bool),
    "another byte order": lambda: np.ones(N, dtype=">f8"),
    "pandas' integers": lambda: pd.Series([1] * N, dtype="Int64"),
    "a tuple": lambda: (1.0,) * N,
}
# Settings that are one number.
NO_NUMBER: dict[str, Callable[[], Any]] = {
    **{name: NO_ARRAYS[name] for name in NO_ARRAYS if name != "no dimension"},
    "digits": lambda: "0.5",
    "an array": lambda: np.full(N, 0.5),
    "beyond float64": lambda: 10**400,
    "beyond what Python writes": lambda: 10**5000,
    "a fraction beyond float64": lambda: Fraction(10**400),
    "a decimal": lambda: Decimal("0.5"),
    "complex": lambda: 0.5 + 0j,
    "NaN": lambda: float("nan"),
    "a date": lambda: np.datetime64("2020-01-01"),
    "pandas' NA": lambda: pd.NA,
}


def problem() -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, 2))
    y = (np.arange(N) * 7 % 5 > 1).astype(int)
    return X, y, {"y": y, "a": X[:, 0], "b": X[:, 1]}


def in_columns(value: Any) -> Any:
    """Return what has one value a row as a matrix of two equal columns."""
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.names is None:
        stack = np.ma.column_stack if isinstance(value, np.ma.MaskedArray) else np.column_stack
        return stack([value, value])
    if isinstance(value, list | tuple) and len(value) == N:
        return [[entry, entry] for entry in value]
    if isinstance(value, pd.Series):
        return pd.DataFrame({"x0": value, "x1": value})
    return value


def in_two(value: Any) -> Any:
    """Return two coefficients of what has one value a row: of an array with the fourth."""
    if isinstance(value, list | tuple):
        return value[:2]
    one_a_row = isinstance(value, np.ndarray | pd.Series) and value.ndim == 1
    return value[2:4] if one_a_row else value


def doors() -> dict[str, Callable[[Any], Any]]:
    """Return every door by its name: a call of one argument."""
    X, y, data = problem()
    zeros, ones = np.zeros(N), np.ones(N)
    fitted = LogisticRegression().fit(X, y)
    result = logit("y ~ a", data)
    given = logit("y ~ a", data, weights=ones, offset=zeros)
    coef = fitted.coef_

    def fit(X: Any = X, y: Any = y, weight: Any = None, **asked: Any) -> Any:
        return LogisticRegression(**asked).fit(X, y, weight).coef_

    return {
        "LogisticRegression.fit(X)": lambda v: fit(in_columns(v)),
        "LogisticRegression.predict(X)": lambda v: fitted.predict(in_columns(v)),
        "LogisticRegression.predict_proba(X)": lambda v: fitted.predict_proba(in_columns(v)),
        "LogisticRegression.predict_log_proba(X)": lambda v: fitted.predict_log_proba(
            in_columns(v)
        ),
        "LogisticRegression.decision_function(X)": lambda v: fitted.decision_function(
            in_columns(v)
        ),
        "LogisticRegression.score(X)": lambda v: fitted.score(in_columns(v), y),
        "LogisticRegression.fit(y)": lambda v: fit(y=v),
        "LogisticRegression.score(y)": lambda v: fitted.score(X, v),
        "LogisticRegression.fit(sample_weight)": lambda v: fit(weight=v),
        "LogisticRegression.score(sample_weight)": lambda v: fitted.score(X, y, v),
        **{
            f"LogisticRegression({name}=)": lambda v, name=name: fit(**{name: v})
            for name in ("C", "tol", "max_iter", "n_jobs", "l1_ratio", "solver", "penalty")
        },
        "LogisticRegression(class_weight=)": lambda v: fit(class_weight={0: v, 1: 1.0}),
        "certify(coef)": lambda v: certify(in_two(v), 0.0, X, y, l2=1),
        "certify(intercept)": lambda v: certify(coef, v, X, y, l2=1),
        "certify(X)": lambda v: certify(coef, 0.0, in_columns(v), y, l2=1),
        "certify(y)": lambda v: certify(coef, 0.0, X, v, l2=1),
        "certify(y of a sparse X)": lambda v: certify(coef, 0.0, sp.csr_array(X), v, l2=1),
        "certify(l2)": lambda v: certify(coef, 0.0, X, y, l2=v),
        "certify(event)": lambda v: certify(coef, 0.0, X, y, event=v),
        **{
            f"certify({name})": lambda v, name=name: certify(coef, 0.0, X, y, l2=1, **{name: v})
            for name in ("frequency", "weights", "offset")
        },
        "logit(data)": lambda v: logit("x1 ~ x0", in_columns(v)),
        "logit(a column)": lambda v: logit("y ~ a + b", {**data, "b": v}),
        "logit(the target)": lambda v: logit("y ~ a", {**data, "y": v}),
        **{
            f"logit({name})": lambda v, name=name: logit("y ~ a", data, **{name: v})
            for name in ("frequency", "weights", "offset", "event", "l2", "tol", "memory")
        },
        "logit(cluster)": lambda v: logit("y ~ a", data, cluster=v),
        "logit(one of two clusters)": lambda v: logit("y ~ a", data, cluster=[np.arange(N), v]),
        "logit(a penalty factor)": lambda v: logit("y ~ a", data, l2=1, penalty_factors={"a": v}),
        "logit(penalty_factors)": lambda v: logit("y ~ a", data, l2=1, penalty_factors=v),
        "Result.predict(a column)": lambda v: result.predict({**data, "a": v}),
        "Result.predict(offset)": lambda v: given.predict(data, offset=v),
        "Result.evaluate(weights)": lambda v: given.evaluate(data, weights=v, offset=zeros),
        "Result.evaluate(threshold)": lambda v: result.evaluate(data, threshold=v),
        "Result.scored(offset)": lambda v: given.scored(data, weights=ones, offset=v),
        "Result.with_data(weights)": lambda v: given.with_data(data, weights=v, offset=zeros),
        "Result.verify(offset)": lambda v: given.verify(data, weights=ones, offset=v),
        "Result.with_cov(cluster)": lambda v: result.with_cov("CR1", cluster=v),
        "Result.conf_int(alpha)": lambda v: result.conf_int(v),
    }


def outcomes(door: str, kinds: dict[str, Callable[[], Any]]) -> dict[str, tuple[str, str]]:
    """Return what each kind comes to at a door: who raised what, or what came out."""
    enter = doors()[door]
    return {name: _outcome(enter, make()) for name, make in kinds.items()}


def outcomes_of(door: str, table: str) -> dict[str, tuple[str, str]]:
    """Return the outcomes of a table of this module, by its name, which can be sent."""
    return outcomes(door, globals()[table])


def _outcome(enter: Callable[[Any], Any], value: Any) -> tuple[str, str]:
    with warnings.catch_warnings():
        # What is dropped in silence would be warned of, at best.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            found = enter(value)
        except SigmoideError as error:
            return "ours", f"{type(error).__name__}: {error}"
        except ValueError as error:
            return "ValueError", str(error)
        except TypeError as error:
            return "TypeError", str(error)
    return "taken", repr(getattr(found, "params", found))


# --- sparse matrices, and a second reading of them


class CannotBeReadError(Exception):
    """A structure that is none."""


def _refuse(unless: bool) -> None:
    if not unless:
        raise CannotBeReadError


def dense(X: Any) -> np.ndarray:
    """Read a sparse matrix entry by entry, by the definition of its format."""
    shape = X.shape
    _refuse(isinstance(shape, tuple) and len(shape) == 2)
    _refuse(all(isinstance(side, int | np.integer) and side >= 0 for side in shape))
    rows, columns = (int(side) for side in shape)
    _refuse(rows * columns < 10**6)
    entries = list(_ENTRIES[X.format](X, rows, columns))
    values = np.asarray([value for _, _, value in entries])
    if not entries:
        return np.zeros((rows, columns))
    _refuse(values.ndim == 1 and values.dtype.kind in "biuf")
    # In a wider type where there is no sparse matrix of theirs.
    held = np.zeros((rows, columns), dtype=float if values.dtype == np.float16 else values.dtype)
    for (i, j, _), value in zip(entries, values, strict=True):
        _refuse(all(isinstance(k, int | np.integer) for k in (i, j)))
        _refuse(0 <= i < rows and 0 <= j < columns)
        np.add.at(held, (int(i), int(j)), value)
    return held


def _list(array: Any, ndim: int = 1, whole: bool = True) -> list[Any]:
    _refuse(isinstance(array, np.ndarray) and array.ndim == ndim)
    _refuse(not np.ma.getmaskarray(array).any())
    _refuse(not whole or array.dtype.kind in "iu")
    _refuse(whole or array.dtype.kind in "biuf")
    return [int(k) for k in array] if whole else list(np.asarray(array))


def _compressed(X: Any, lines: int) -> list[tuple[int, int, Any]]:
    ndim = 3 if X.format == "bsr" else 1
    starts, places, values = _list(X.indptr), _list(X.indices), _list(X.data, ndim, whole=False)
    _refuse(len(starts) == lines + 1 and starts[0] == 0 and sorted(starts) == starts)
    _refuse(starts[-1] <= len(places) and len(places) == len(values))
    return [
        (line, places[k], values[k])
        for line in range(lines)
        for k in range(starts[line], starts[line + 1])
    ]


def _of_bsr(X: Any, rows: int, columns: int) -> list[tuple[int, int, Any]]:
    _refuse(isinstance(X.data, np.ndarray) and X.data.ndim == 3)
    high, wide = X.data.shape[1:]
    _refuse(high > 0 and wide > 0 and rows % high == 0 and columns % wide == 0)
    return [
        (line * high + i, place * wide + j, block[i, j])
        for line, place, block in _compressed(X, rows // high)
        for i in range(high)
        for j in range(wide)
    ]


def _of_coo(X: Any, rows: int, columns: int) -> list[tuple[int, int, Any]]:
    i, j, values = _list(X.coords[0]), _list(X.coords[1]), _list(X.data, whole=False)
    _refuse(len(i) == len(j) == len(values))
    return list(zip(i, j, values, strict=True))


def _of_dia(X: Any, rows: int, columns: int) -> list[tuple[int, int, Any]]:
    offsets, diagonals = _list(X.offsets), _list(X.data, 2, whole=False)
    _refuse(len(offsets) == len(diagonals))
    return [
        (j - offset, j, diagonal[j])
        for offset, diagonal in zip(offsets, diagonals, strict=True)
        for j in range(min(columns, len(diagonal)))
        if 0 <= j - offset < rows
    ]


def _of_lil(X: Any, rows: int, columns: int) -> list[tuple[int, int, Any]]:
    for held in (X.rows, X.data):
        _refuse(isinstance(held, np.ndarray) and held.shape == (rows,))
        _refuse(all(isinstance(row, list) for row in held))
    _refuse(all(len(a) == len(b) for a, b in zip(X.rows, X.data, strict=True)))
    return [(i, j, v) for i in range(rows) for j, v in zip(X.rows[i], X.data[i], strict=True)]


def _of_dok(X: Any, rows: int, columns: int) -> list[tuple[int, int, Any]]:
    _refuse(all(isinstance(key, tuple) and len(key) == 2 for key in X.keys()))  # noqa: SIM118
    return [(*key, value) for key, value in X.items()]


_ENTRIES: dict[str, Callable[[Any, int, int], list[tuple[Any, Any, Any]]]] = {
    "csr": lambda X, rows, columns: _compressed(X, rows),
    "csc": lambda X, rows, columns: [(i, j, v) for j, i, v in _compressed(X, columns)],
    "bsr": _of_bsr,
    "coo": _of_coo,
    "dia": _of_dia,
    "lil": _of_lil,
    "dok": _of_dok,
}


# --- mutations


def drawn(rng: np.random.Generator) -> Any:
    """Return a sparse matrix of any format, type and width, with entries in parts and any order."""
    form = str(rng.choice(FORMATS))
    dtype = rng.choice(["f8", "f4", "i1", "i8", "u2", "?"], p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1])
    d, stored = 4, int(rng.integers(20, 60))
    values = (4 * rng.normal(size=stored)).astype(dtype)
    rows, columns = rng.integers(0, N, stored), rng.integers(0, d, stored)
    kind = str(rng.choice(["array", "matrix"]))
    made = getattr(sp, f"{form}_{kind}")
    if form in ("csr", "csc"):
        major, minor, lines = (rows, columns, N) if form == "csr" else (columns, rows, d)
        order = np.argsort(major, kind="stable")
        starts = np.searchsorted(major[order], np.arange(lines + 1))
        X = made((values[order], minor[order], starts), shape=(N, d))
    elif form == "coo":
        X = made((values, (rows, columns)), shape=(N, d))
    elif form == "bsr":
        X = made(sp.coo_array((values, (rows, columns)), shape=(N, d)).toarray(), blocksize=(2, 2))
    else:
        X = made(sp.coo_array((values, (rows, columns)), shape=(N, d)))
    wide = rng.choice(["i4", "i8"])
    for name in ("indices", "indptr", "offsets"):
        if hasattr(X, name):
            setattr(X, name, getattr(X, name).astype(wide))
    if form == "coo":
        X.coords = tuple(each.astype(wide) for each in X.coords)
    return X


def _arrays(X: Any) -> list[str]:
    return [a for a in ("indices", "indptr", "offsets", "row", "col") if hasattr(X, a)]


def _set(X: Any, name: str, array: Any) -> None:
    """Write an array as a user does who gets past all checks."""
    if name in ("row", "col"):
        X.coords = (array, X.coords[1]) if name == "row" else (X.coords[0], array)
    else:
        setattr(X, name, array)


def _an_index(X: Any, rng: np.random.Generator) -> None:
    wrong = int(rng.choice([-1, -(2**31), 2**31 - 1, 10**9, 4, 5, N, N + 1, 0, 1, 2]))
    if X.format == "lil":
        row = int(rng.integers(0, N))
        X.rows[row] = [*X.rows[row], wrong]
        X.data[row] = [*X.data[row], X.dtype.type(1)]
    elif X.format == "dok":
        X._dict[wrong, int(rng.integers(0, 4))] = X.dtype.type(1)
    else:
        name = str(rng.choice(_arrays(X)))
        array = getattr(X, name).copy()
        array[rng.integers(0, len(array))] = wrong
        _set(X, name, array)


def _a_length(X: Any, rng: np.random.Generator) -> None:
    if X.format in ("lil", "dok"):
        _a_list(X, rng)
        return
    name = str(rng.choice([*_arrays(X), "data"]))
    array = getattr(X, name)
    by = int(rng.integers(1, 4))
    _set(X, name, array[:-by] if rng.random() < 0.6 else np.concatenate([array, array[:by]]))


def _a_list(X: Any, rng: np.random.Generator) -> None:
    row = int(rng.integers(0, N))
    if X.format == "dok":
        key = [(1,), (1, 1, 1), 3, "a", (1.5, 0), (None, 0), (10**400, 0)][rng.integers(0, 7)]
        X._dict[key] = X.dtype.type(1)
        return
    part = X.rows if rng.random() < 0.5 else X.data
    part[row] = [None, [*part[row], 1], (1, 2), [1.5] * len(part[row]), ["a"]][rng.integers(0, 5)]


def _a_shape(X: Any, rng: np.random.Generator) -> None:
    shapes = [
        (N, 3), (N, 5), (N - 1, 4), (N + 1, 4), (N, 8), (0, 4), (N, 0), (4, N), (N, -4), (-N, 4),
        (N, 4, 1), (N,), (N, 4.0), (N, None), None, (True, 4), (2**62, 4),
    ]  # fmt: skip
    X._shape = shapes[rng.integers(0, len(shapes))]


def _a_type(X: Any, rng: np.random.Generator) -> None:
    if X.format in ("lil", "dok"):
        _a_list(X, rng)
        return
    if rng.random() < 0.5:
        name = str(rng.choice(_arrays(X)))
        kind = rng.choice(["f8", "O", "c16", "u1", "i2", ">i4", "u8", "U5", "?"])
    else:
        name, kind = "data", rng.choice(["c16", "O", "U9", "M8[s]", "f2", "g", ">f8", "i4"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        array = getattr(X, name)
        array = array.astype("i8").astype(kind) if kind == "M8[s]" else array.astype(kind)
        _set(X, name, array)


def _an_array(X: Any, rng: np.random.Generator) -> None:
    if X.format in ("lil", "dok"):
        _a_list(X, rng)
        return
    name = str(rng.choice([*_arrays(X), "data"]))
    array = getattr(X, name)
    forms = [
        lambda: array[:, None],
        lambda: array.tolist(),
        lambda: None,
        lambda: np.ma.array(array, mask=rng.random(array.shape) < 0.2),
        lambda: np.repeat(array, 2, axis=0)[::2],
        lambda: array[::-1].copy()[::-1],
        lambda: array[:0],
        lambda: np.array(7),
    ]
    _set(X, name, forms[rng.integers(0, len(forms))]())


def _flags(X: Any, rng: np.random.Generator) -> None:
    for name in ("has_sorted_indices", "has_canonical_format"):
        if rng.random() < 0.7:
            try:
                setattr(X, name, True)
            except AttributeError:
                X.__dict__[f"_{name}"] = True


def _a_value(X: Any, rng: np.random.Generator) -> None:
    wrong = float(rng.choice([np.nan, np.inf, -np.inf, 1e200]))
    if X.format in ("lil", "dok") or X.data.dtype.kind != "f" or not X.data.size:
        _flags(X, rng)
        return
    with np.errstate(over="ignore"):
        X.data.flat[rng.integers(0, X.data.size)] = wrong


def _nothing(X: Any, rng: np.random.Generator) -> None:
    """Leave it as it is: what is fine is taken."""


MUTATIONS = (
    _an_index, _an_index, _an_index, _a_length, _a_length, _a_shape, _a_type, _an_array, _a_list,
    _flags, _a_value, _nothing,
)  # fmt: skip


def _mutate(X: Any, rng: np.random.Generator) -> str:
    how = MUTATIONS[rng.integers(0, len(MUTATIONS))]
    if how is _a_list and X.format not in ("lil", "dok"):
        how = _an_index
    how(X, rng)
    return f"{type(X).__name__} of {X.format}, {how.__name__}"


def _entries(fitted: LogisticRegression, y: np.ndarray) -> dict[str, Callable[[Any], Any]]:
    def fit(X: Any) -> Any:
        model = LogisticRegression(n_jobs=1).fit(X, y)
        return model.coef_.tobytes(), model.intercept_.tobytes(), model.certificate_

    return {
        "fit": fit,
        "predict": lambda X: fitted.predict(X).tobytes(),
        "predict_proba": lambda X: fitted.predict_proba(X).tobytes(),
        "predict_log_proba": lambda X: fitted.predict_log_proba(X).tobytes(),
        "decision_function": lambda X: fitted.decision_function(X).tobytes(),
        "score": lambda X: fitted.score(X, y),
        "certify": lambda X: certify(fitted.coef_, fitted.intercept_, X, y, l2=1.0),
    }


def sparse_sweep(seed: int, inputs: int) -> tuple[list[str], dict[str, int]]:
    """Mutate sparse matrices, and put each to every entry point.

    Returns
    -------
    problems : list of str
        Whatever is not as it should be: what can be read is taken or refused as its dense reading
        is, to the same bits; what cannot be read is refused in sigmoide's own words.
    counts : dict
        Outcomes, for the reader.
    """
    warnings.simplefilter("ignore")
    problems, counts = [], {"taken": 0, "refused": 0, "cannot be read": 0}
    for number in range(inputs):
        rng = np.random.default_rng([seed, number])
        y = (rng.random(N) < 0.5).astype(int)
        y[:2] = 0, 1
        X = drawn(rng)
        fitted = LogisticRegression(n_jobs=1).fit(np.asarray(X.toarray(), dtype=float), y)
        what = f"[{seed}, {number}] {_mutate(X, rng)}"
        try:
            plain = dense(X)
        except CannotBeReadError:
            plain = None
        for name, enter in _entries(fitted, y).items():
            came, value = _tried(enter, X)
            if plain is None:
                fine = came == "ours"
                counts["cannot be read"] += 1
            else:
                wanted, same = _tried(enter, plain)
                fine = (came == "taken") == (wanted == "taken") and (
                    came != "taken" or value == same
                )
                fine = fine and came in ("taken", "ours", "ValueError")
                counts["taken" if came == "taken" else "refused"] += 1
            if not fine:
                problems.append(f"{what}, {name}: {came}, {value!r:.300}")
    return problems, counts


def _tried(enter: Callable[[Any], Any], X: Any) -> tuple[str, Any]:
    try:
        return "taken", enter(X)
    except SigmoideError as error:
        return "ours", str(error)
    except ValueError as error:
        return "ValueError", str(error)
    except Exception as error:
        return "raised", f"{type(error).__name__}: {error}"
