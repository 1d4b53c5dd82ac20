"""What formulas and model files bring, whatever they hold: an answer or a typed error."""

from __future__ import annotations

import builtins
import copy
import json
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.design.functions.arithmetic import Apply, Number, Variable
from sigmoide.errors import FormulaError, ModelFileError, SigmoideError, SigmoideWarning
from sigmoide.formula.algebra import parse
from sigmoide.formula.arithmetic import text_of
from sigmoide.modelfile.store import read
from sigmoide.modelfile.to_json import digest, to_json
from support import sweeps

COLUMNS = ("y", "a", "b", "g", "h", "x y", "n")
FAST = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
HEAVY = settings(
    max_examples=sweeps.size(3000, 600), deadline=None, suppress_health_check=list(HealthCheck)
)

NAMES = st.sampled_from(["a", "b", "g", "h", "`x y`", "n", "zz", "log", "C"])
NUMBERS = st.sampled_from(
    ["0", "1", "2", "3", "0.5", "-1", "1e3", "1e999", "99", ".5", "007", "1j"]
)
LEVELS = st.sampled_from(["'u'", '"v"', "1", "-2.5", "True", "None", "'", "sentinel()"])


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return calls, most of them of what there is."""
    named = st.sampled_from(
        ["log", "exp", "sqrt", "I", "center", "scale", "offset", "sentinel", "np.log", "Q", "eval"]
    )
    keyword = st.sampled_from(["df", "degree", "knots", "lower_bound", "constraints", "raw", "x"])
    value = st.one_of(
        NUMBERS, st.sampled_from(["[1, 2]", "[2, 1]", "[]", "'center'", "sentinel()"])
    )
    pairs = st.lists(st.one_of(value, st.tuples(keyword, value).map("=".join)), max_size=3)
    return st.one_of(
        st.tuples(named, inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["poly", "bs", "cr"]), inner, pairs).map(
            lambda t: f"{t[0]}({', '.join([t[1], *t[2]])})"
        ),
        st.tuples(NAMES, LEVELS).map(lambda t: f"C({t[0]}, ref={t[1]})"),
        st.tuples(NAMES, st.sampled_from(["Sum", "Treatment", "Helmert"]), LEVELS).map(
            lambda t: f"C({t[0]}, {t[1]}({t[2]}))"
        ),
    )


ARITHMETIC = st.recursive(
    st.one_of(NAMES, NUMBERS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "-", "*", "/", "**", " > ", " @ "]), inner).map(
            "".join
        ),
        inner.map(lambda t: f"({t})"),
        inner.map(lambda t: f"-{t}"),
        calls(inner),
    ),
    max_leaves=8,
)
TERMS = st.recursive(
    st.one_of(NAMES, st.sampled_from([".", "0", "1", "a", "b", "g", "7"]), calls(ARITHMETIC)),
    lambda inner: st.one_of(
        st.tuples(
            inner,
            st.sampled_from([" + "] * 6 + ["*"] * 3 + [":"] * 3 + [" - ", "**", "/", "^", "|"]),
            inner,
        ).map("".join),
        inner.map(lambda t: f"({t})"),
        inner.map(lambda t: f"({t})**2"),
    ),
    max_leaves=10,
)
WRITTEN = st.tuples(st.sampled_from(["y"] * 9 + ["h / n", "n / h", "log(y)", ""]), TERMS).map(
    " ~ ".join
)
FORMULAS = st.one_of(WRITTEN, WRITTEN, WRITTEN, st.text(max_size=40))


@contextmanager
def nothing_runs():
    """Fail if a formula runs anything."""
    ran: list[int] = []
    builtins.sentinel = lambda *a, **k: ran.append(1)  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        del builtins.sentinel  # type: ignore[attr-defined]
    assert not ran


def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "y": rng.integers(0, 2, 40),
            "a": rng.normal(size=40),
            "b": rng.random(40),
            "g": rng.choice(list("uvw"), 40),
            "h": rng.integers(0, 3, 40),
            "x y": rng.normal(size=40),
            "n": rng.integers(2, 5, 40),
        }
    )


def read_formula(text: str) -> None:
    with nothing_runs():
        try:
            found = parse(text, COLUMNS)
        except FormulaError as error:
            assert str(error).startswith(("formula ", "the formula "))  # noqa: PT017
            assert len(str(error)) < 1000  # noqa: PT017
            return
    # What was read is written so that it is read again, as the same.
    for term in found.terms:
        again = parse(f"y ~ {term.label}", COLUMNS) if term.asked is not None else None
        assert again is None or again.terms == (term,)


def fit_formula(text: str) -> None:
    """Fit what can be read: an answer, or an error of ours."""
    with nothing_runs():
        try:
            found = sigmoide.logit(text, table(), l2=1.0)
            X = found.predict(table())
        except SigmoideError:
            return
        assert ((X > 0.0) & (X < 1.0)).all()
        names = [name for group in found.model.design.groups.values() for name in group]
        assert tuple(names) == found.model.design.names


@FAST
@given(FORMULAS)
@example("y ~ " + "(" * 300)
@example("y ~ " + "I(" * 300)
@example("y ~ I(" + "-" * 300 + "a)")
@example("y ~ I(" + "a**" * 300 + "2)")
@example("y ~ " + "a:" * 5000 + "b")
@example("y ~ (.)**8")
def test_any_formula_is_read_or_refused(text):
    read_formula(text)


@settings(FAST, max_examples=60)
@given(FORMULAS)
def test_any_formula_that_is_read_is_fitted_or_refused(text):
    fit_formula(text)


@pytest.mark.slow
@pytest.mark.sweep
@HEAVY
@given(FORMULAS)
def test_very_many_formulas_are_read_or_refused(text):
    read_formula(text)


@pytest.mark.slow
@pytest.mark.sweep
@settings(HEAVY, max_examples=sweeps.size(300))
@given(FORMULAS)
def test_very_many_formulas_are_fitted_or_refused(text):
    fit_formula(text)


TREES = st.recursive(
    st.one_of(
        st.sampled_from(["a", "b", "x y"]).map(Variable),
        st.floats(-1e6, 1e6, allow_nan=False).map(Number),
    ),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner).map(
            lambda t: Apply(t[0], (t[1], t[2]))
        ),
        st.tuples(st.sampled_from(["log", "exp", "sqrt"]), inner).map(
            lambda t: Apply(t[0], (t[1],))
        ),
        st.sampled_from(["a", "b"]).map(lambda name: Apply("negative", (Variable(name),))),
    ),
    max_leaves=12,
)


@FAST
@given(TREES)
def test_arithmetic_is_written_as_it_is_read(tree):
    (term,) = parse(f"y ~ I(a + {text_of(tree, 2)})", COLUMNS).terms
    assert term.asked is not None
    assert term.asked.tree == Apply("+", (Variable("a"), tree))


# Model files


class Whole(dict):
    """Whole files; of a short name, so that a failing law is readable."""

    def __repr__(self) -> str:
        return "<files>"


@pytest.fixture(scope="module")
def files() -> Whole:
    frame = table()
    asked = {
        "plain": "y ~ a + C(g, ref='v')",
        "functions": "y ~ log(b + 1)*C(g, Sum) + poly(a, 2) + bs(b, df=4) + offset(a/2)",
        "splines": "y ~ cr(b, df=3, constraints='center') + g:h",
        "counts": "h / n ~ a*b",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        found = {k: sigmoide.logit(f, frame, l2=0.5).model for k, f in asked.items()}
    return Whole({kind: to_json(model) for kind, model in found.items()})


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(["NaN", "Infinity", "log", "+", "**", "poly", "bs", "cr", "sum", "a", "g"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, way: tuple = ()) -> list[tuple]:
    """Return the way to every entry."""
    if not isinstance(value, dict | list):
        return []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [found for key, held in pairs for found in ((*way, key), *places(held, (*way, key)))]


def change_file(files: Whole, kind: str, data: st.DataObject, path: Path) -> None:
    """Change some entries, and read the file: a model that predicts, or a typed error."""
    entries = copy.deepcopy(files[kind])
    schema = [place for place in places(entries) if place[0] == "schema"]
    every = places(entries)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(schema if data.draw(st.booleans()) else every))
        held = entries
        try:
            for key in way:
                held = held[key]
            action = data.draw(st.sampled_from(["put", "drop", "twice", "other"]))
            if action == "put":
                held[last] = data.draw(VALUES)
            elif action == "drop":
                del held[last]
            elif isinstance(held, list):
                held.append(copy.deepcopy(held[last]))
            else:
                held[last] = copy.deepcopy(held[data.draw(st.sampled_from(sorted(held, key=str)))])
        except (KeyError, IndexError, TypeError):
            continue
    if isinstance(entries.get("schema"), dict):
        try:
            entries["schema_sha256"] = digest(entries["schema"])
        except (TypeError, ValueError, UnicodeError):
            return
    try:
        text = json.dumps(entries)
        path.write_text(text, encoding="utf-8")
    except (ValueError, UnicodeError):
        return
    try:
        model = read(path)
    except ModelFileError as error:
        assert len(str(error)) < 1500  # noqa: PT017
        model = None
    if model is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                p = sigmoide.api.result.Result(model).predict(table())
            except SigmoideError:
                pass
            else:
                assert p.shape == (40,)


KINDS = st.sampled_from(["plain", "functions", "splines", "counts"])


@settings(FAST, max_examples=100)
@given(kind=KINDS, data=st.data())
def test_any_model_file_is_read_or_refused(files, kind, data, tmp_path_factory):
    change_file(files, kind, data, tmp_path_factory.getbasetemp() / "fuzzed.json")


@pytest.mark.slow
@pytest.mark.sweep
@HEAVY
@given(kind=KINDS, data=st.data())
def test_very_many_model_files_are_read_or_refused(files, kind, data, tmp_path_factory):
    change_file(files, kind, data, tmp_path_factory.getbasetemp() / "fuzzed.json")


@FAST
@given(st.binary(max_size=200))
def test_any_bytes_are_no_model_file(tmp_path_factory, held):
    path = tmp_path_factory.getbasetemp() / "bytes.json"
    path.write_bytes(held)
    with pytest.raises(ModelFileError):
        read(path)
