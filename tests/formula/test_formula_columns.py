"""The columns that a formula stands for: formulaic's, in memory and streamed, at every size."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from formulaic import model_matrix
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.blocks.block import tree_sum
from sigmoide.columns import quantiles as quantiles_module
from sigmoide.columns.quantiles import quantile_sketch, quantiles
from sigmoide.design import census
from sigmoide.design.design import Policies
from sigmoide.design.functions.orthogonal import powers
from sigmoide.design.prepare import Request, follow, prepare
from sigmoide.errors import ColumnError, DataError, TargetError, UsageError, WeightError
from sigmoide.formula.algebra import parse
from sigmoide.inference.robust import heteroskedastic
from sigmoide.sources.formats import Data, in_memory, open_reader
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import Limits
from sigmoide.sources.source import SourceReader
from support.awkward import outcome
from support.reference_sets import FOLDER, fitted, formula_of
from support.sandwiches import bread_and_scores, maximum

LIMITS = Limits(10**9)


def table(n: int = 400, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "y": rng.integers(0, 2, n),
            "a": rng.normal(size=n),
            "b": rng.normal(size=n) + 5.0,
            "x": np.round(rng.random(n) * 9.0, 2),
            "when": 1.7e9 + np.floor(rng.random(n) * 1e7),
            "g": rng.choice(list("uvw"), n),
            "h": rng.choice(list("pq"), n),
            "k": rng.choice(list("mno"), n),
        }
    )


def request_of(formula: str, source, **more) -> Request:
    asked = parse(formula, source.names)
    return Request(
        asked.target,
        asked.terms,
        asked.intercept,
        products=asked.products,
        trials=asked.trials,
        offset=asked.offset,
        **more,
    )


def columns_of(formula: str, frame: pd.DataFrame, **more) -> pd.DataFrame:
    source = read_source(frame)
    ready = prepare(in_memory(source), request_of(formula, source, **more))
    X = ready.blocks.map(lambda block: block.X)
    names = list(ready.design.names)
    if ready.design.intercept:
        return pd.DataFrame(np.column_stack([np.ones(len(X)), X]), columns=["Intercept", *names])
    return pd.DataFrame(X, columns=names)


# Formulaic as the judge: names, order and numbers of every column.

FORMULAS = [
    "y ~ a*g",
    "y ~ g:h",
    "y ~ h:g",
    "y ~ g*h - 1",
    "y ~ g:h - 1",
    "y ~ g + g:h",
    "y ~ g:h + h",
    "y ~ a:g",
    "y ~ a:g - 1",
    "y ~ g:h:a",
    "y ~ g:h:k",
    "y ~ g:h:k + g:k",
    "y ~ k + g:h - 1",
    "y ~ g*h*k - g:h:k",
    "y ~ (a + g + h)**2",
    "y ~ (a + g + h + k)**3",
    "y ~ (a + b)**2 - a",
    "y ~ a:b",
    "y ~ b:a + g:a + a",
    "y ~ (a + g)*(h + x) - a:x",
    "y ~ a**2",
    "y ~ I(a**2) + I(a**3) + exp(a)",
    "y ~ I(a/b) + log(b + 10) + I(-a**2 + b/(x + 1) - 2)",
    "y ~ scale(a) + center(b) + log(center(a) + 10)",
    "y ~ scale(x)*center(a)",
    "y ~ poly(a, 1) + poly(b, 3)",
    "y ~ poly(x, 5)*h",
    "y ~ poly(a, 2):g",
    "y ~ poly(log(b), 2)",
    "y ~ poly(when, 3)",
    "y ~ bs(x, df=4)",
    "y ~ bs(x, df=3)",
    "y ~ bs(x, df=6, degree=2)*bs(a, df=4)",
    "y ~ bs(x, knots=[2, 5.5])",
    "y ~ bs(x, df=5, lower_bound=-1, upper_bound=10)",
    "y ~ bs(x, df=3, degree=1):g",
    "y ~ cr(x, df=3)",
    "y ~ cr(x, df=6)*h",
    "y ~ cr(x, knots=[2, 5])",
    "y ~ cr(x, df=4, constraints='center')",
    "y ~ cr(x, df=5, lower_bound=1, upper_bound=8)",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_columns_are_those_of_formulaic(formula):
    frame = table()
    ours, theirs = columns_of(formula, frame), model_matrix(formula, frame).rhs
    assert list(ours.columns) == list(theirs.columns)
    # A timestamp's own rounding is what formulaic's recurrence, in its units, is short of.
    tolerance = 1e-10 if "when" in formula else 1e-12
    np.testing.assert_allclose(ours, np.asarray(theirs, float), rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    ("formula", "theirs"),
    [
        ("y ~ C(g, Sum)", "y ~ C(g, contr.sum)"),
        ("y ~ C(g, Sum)*h", "y ~ C(g, contr.sum)*h"),
        ("y ~ C(g, Sum):h", "y ~ C(g, contr.sum):h"),
        ("y ~ C(g, Sum) - 1", "y ~ C(g, contr.sum) - 1"),
        ("y ~ C(g, Treatment)*a", "y ~ C(g, contr.treatment)*a"),
        ("y ~ C(g, Treatment('v'))*a", "y ~ C(g, contr.treatment(base='v'))*a"),
        ("y ~ C(g, Treatment(reference='v')):h", "y ~ C(g, contr.treatment(base='v')):h"),
        ("y ~ C(g, ref='w')*C(h, Sum)", "y ~ C(g, contr.treatment(base='w'))*C(h, contr.sum)"),
        ("y ~ sqrt(x)", "y ~ I(x**0.5)"),
        ("y ~ (.)**2 - when", "y ~ (a + b + x + when + g + h + k)**2 - when"),
    ],
)
def test_contrasts_are_those_of_formulaic(formula, theirs):
    frame = table()
    ours, expected = columns_of(formula, frame), model_matrix(theirs, frame).rhs
    assert len(ours.columns) == len(expected.columns)
    for mine, other in zip(ours.columns, expected.columns, strict=True):
        # The levels in brackets are the same, whatever the factors are called.
        assert [part.rpartition("[")[2] for part in mine.split(":") if "[" in part] == [
            part.rpartition("[")[2] for part in other.split(":") if "[" in part
        ]
    np.testing.assert_allclose(ours, np.asarray(expected, float), rtol=1e-12, atol=1e-12)


def test_natural_splines_of_two_knots_are_straight_lines():
    """Formulaic has an error there."""
    frame = table()
    found = columns_of("y ~ cr(x, df=2) - 1", frame)
    low, high = frame["x"].min(), frame["x"].max()
    share = (frame["x"] - low) / (high - low)
    np.testing.assert_allclose(found, np.column_stack([1 - share, share]), rtol=0, atol=1e-15)
    centred = columns_of("y ~ cr(x, df=1, constraints='center') - 1", frame).to_numpy()[:, 0]
    assert abs(centred.mean()) < 1e-14
    np.testing.assert_allclose(np.abs(np.corrcoef(centred, frame["x"])[0, 1]), 1.0, rtol=1e-12)


@pytest.mark.parametrize("omitted", ["u", "v", "w"])
@pytest.mark.parametrize(
    "spelled", ["C(g, Sum({!r}))", "C(g, Sum(omit={!r}))", "C(g, Sum, ref={!r})"]
)
def test_sum_contrasts_with_a_chosen_level(omitted, spelled):
    frame = table(60)
    found = columns_of(f"y ~ {spelled.format(omitted)}", frame)
    shown = [level for level in "uvw" if level != omitted]
    assert [name[-4:] for name in found.columns[1:]] == [f"S.{level}]" for level in shown]
    expected = [
        [-1.0 if g == omitted else float(g == level) for level in shown] for g in frame["g"]
    ]
    np.testing.assert_array_equal(found.iloc[:, 1:], expected)


FACTORS = ["g", "h", "k", "a", "b"]


@settings(max_examples=60, deadline=None)
@given(
    terms=st.lists(
        st.lists(st.sampled_from(FACTORS), min_size=1, max_size=3, unique=True),
        min_size=1,
        max_size=5,
    ),
    intercept=st.booleans(),
)
def test_any_interactions_are_coded_as_formulaic_codes_them(terms, intercept):
    formula = "y ~ " + " + ".join(":".join(term) for term in terms) + ("" if intercept else " - 1")
    frame = table(80)
    ours, theirs = columns_of(formula, frame), model_matrix(formula, frame).rhs
    assert list(ours.columns) == list(theirs.columns)
    np.testing.assert_allclose(ours, np.asarray(theirs, float), rtol=1e-14, atol=0)


def test_terms_are_grouped_under_their_labels():
    source = read_source(table())
    design = prepare(in_memory(source), request_of("y ~ g:h + poly(a, 2) + a", source)).design
    assert design.groups == {
        "poly(a, 2)": ("poly(a, 2)[1]", "poly(a, 2)[2]"),
        "a": ("a",),
        "g:h": (
            "h[T.q]",
            "g[T.v]:h[p]",
            "g[T.w]:h[p]",
            "g[T.v]:h[q]",
            "g[T.w]:h[q]",
        ),
    }
    assert tuple(name for names in design.groups.values() for name in names) == design.names


# Learned in one read, the same bits everywhere, frozen.

EVERYTHING = (
    "y ~ a*b + C(g, ref='v') + C(h, Sum):C(g, ref='v') + poly(when, 3) + bs(x, df=5)*C(h, Sum) "
    "+ cr(x, df=4, constraints='center') + log(x + 1) + I(a/b) + scale(b) + offset(log(b))"
)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("limits", [(1 << 18, 1 << 16), (50, 40)], ids=["exact", "sampled"])
def test_streamed_and_in_memory_are_the_same_bits(kind, gaps, limits, tmp_path, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 16)
    monkeypatch.setattr(quantiles_module, "MOST_VALUES", limits[0])
    monkeypatch.setattr(quantiles_module, "SAMPLED", limits[1])
    frame = table(300, seed=1).assign(b=lambda f: f["b"].abs() + 0.1)
    if gaps:
        rng = np.random.default_rng(2)
        for name in ("a", "x", "g", "when", "b"):
            frame.loc[rng.random(300) < 0.1, name] = None
    paths = [tmp_path / f"{name}.{kind}" for name in ("data", "part")]
    for path, rows in zip(paths, (frame, frame.iloc[::3]), strict=True):
        rows.to_csv(path, index=False) if kind == "csv" else rows.to_parquet(path)
    path, part = paths
    request = request_of(EVERYTHING, read_source(path))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    beyond = outcome(lambda: prepare(Data(open_reader(path), LIMITS), request))
    assert inside.learned, inside.refused
    assert beyond == inside
    ready = prepare(in_memory(read_source(path)), request)
    model = (ready.design, ready.target, ready.roles)
    followed = outcome(lambda: follow(in_memory(read_source(part)), *model))
    assert followed.learned, followed.refused
    assert outcome(lambda: follow(Data(open_reader(part), LIMITS), *model)) == followed


@pytest.mark.filterwarnings("ignore::sigmoide.errors.AliasedWarning")
def test_what_was_learned_is_in_the_file_and_used_unchanged(tmp_path):
    frame = table(500).assign(b=lambda f: f["b"].abs() + 0.1)
    frame.to_csv(tmp_path / "data.csv", index=False)
    found = sigmoide.logit(EVERYTHING, tmp_path / "data.csv")
    found.save(tmp_path / "m.json")
    back = sigmoide.read_model(tmp_path / "m.json")
    assert back.model.design == found.model.design
    assert back.model.roles == found.model.roles
    assert json.loads((tmp_path / "m.json").read_text())["version"] == 2
    np.testing.assert_array_equal(back.predict(frame), found.predict(frame))
    # Rows by themselves, and in another order, are predicted as they were.
    np.testing.assert_array_equal(back.predict(frame.iloc[7:9]), found.predict(frame)[7:9])
    np.testing.assert_array_equal(back.predict(frame[::-1]), found.predict(frame)[::-1])


def test_a_plain_model_stays_a_plain_file(tmp_path):
    sigmoide.logit("y ~ a + C(g, ref='v')", table()).save(tmp_path / "m.json")
    held = json.loads((tmp_path / "m.json").read_text())
    assert held["version"] == 1
    assert set(held["schema"]["terms"][0]) == {
        "column", "label", "kind", "levels", "reference", "fill", "indicator",
    }  # fmt: skip
    assert "products" not in held["schema"]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(2, 400),
    cut=st.integers(1, 50),
    degree=st.integers(1, 6),
    shape=st.sampled_from(["normal", "ages", "timestamps", "lognormal", "sorted"]),
)
def test_polynomials_are_orthonormal_however_the_rows_are_parted(seed, size, cut, degree, shape):
    rng = np.random.default_rng(seed)
    x = {
        "normal": lambda: rng.normal(size=size),
        "ages": lambda: rng.integers(18, 90, size).astype(float),
        "timestamps": lambda: 1.7e9 + rng.random(size) * 1e6,
        "lognormal": lambda: rng.lognormal(size=size),
        "sorted": lambda: np.sort(rng.normal(size=size)),
    }[shape]()
    times = rng.integers(1, 4, size).astype(float)
    found = tree_sum(
        powers(x[k : k + cut], times[k : k + cut], degree) for k in range(0, size, cut)
    ).polynomials()
    if len(np.unique(x)) <= degree:
        assert found is None
        return
    assert found is not None
    assert found.count == times.sum()
    np.testing.assert_allclose(found.mean, np.average(x, weights=times), rtol=1e-13, atol=1e-13)
    deviation = np.repeat(x - x[0], times.astype(int)).std(ddof=1)
    np.testing.assert_allclose(found.deviation, deviation, rtol=1e-10)
    columns = np.vstack([np.full(size, 1.0 / np.sqrt(times.sum())), found.columns(x)])
    # Few points in a crowd make the Chebyshev basis itself ill-conditioned.
    np.testing.assert_allclose((columns * times) @ columns.T, np.eye(degree + 1), rtol=0, atol=1e-8)


@settings(max_examples=100, deadline=None)
@given(
    values=st.lists(st.integers(-5, 5), min_size=1, max_size=40),
    times=st.lists(st.integers(1, 4), min_size=40, max_size=40),
    cut=st.integers(1, 9),
)
def test_quantiles_are_those_of_the_repeated_rows(values, times, cut):
    x = np.array(values, dtype=float) / 3.0
    often = np.array(times[: len(x)], dtype=float)
    rows = np.arange(len(x))
    found = tree_sum(
        quantile_sketch(x[k : k + cut], often[k : k + cut], rows[k : k + cut])
        for k in range(0, len(x), cut)
    )
    shares = np.linspace(0.0, 1.0, 9)
    expected = np.quantile(np.repeat(x, often.astype(int)), shares)
    np.testing.assert_array_equal(quantiles(*found.points(), shares), expected)


def test_quantiles_of_very_many_values_are_those_of_a_sample(monkeypatch):
    monkeypatch.setattr(quantiles_module, "MOST_VALUES", 1000)
    monkeypatch.setattr(quantiles_module, "SAMPLED", 4000)
    x = np.sort(np.random.default_rng(0).lognormal(size=50_000))
    ones, rows = np.ones(len(x)), np.arange(len(x))
    sums = []
    for cut in (50_000, 7000, 512):
        parts = (slice(k, k + cut) for k in range(0, len(x), cut))
        sums.append(tree_sum(quantile_sketch(x[p], ones[p], rows[p]) for p in parts))
    shares = np.linspace(0.1, 0.9, 9)
    first = quantiles(*sums[0].points(), shares)
    for found in sums:
        assert found.more
        assert (found.low, found.high) == (x[0], x[-1])
        np.testing.assert_array_equal(quantiles(*found.points(), shares), first)
    # Within four standard errors of a share, sqrt(p (1 - p) / 4000).
    ranks = np.searchsorted(x, first) / len(x)
    np.testing.assert_allclose(ranks, shares, rtol=0, atol=4 * 0.5 / np.sqrt(4000))


def test_a_frequency_teaches_what_repeated_rows_teach():
    frame = table(120).assign(f=np.random.default_rng(3).integers(0, 4, 120))
    whole = frame.loc[frame.index.repeat(frame["f"])].reset_index(drop=True)
    formula = "y ~ scale(a) + poly(b, 2) + bs(x, df=5) + cr(x, df=3, constraints='center')"
    once = columns_of(formula, frame, frequency="f")
    each = columns_of(formula, whole)
    expected = each.groupby(np.repeat(np.arange(120), frame["f"])).first()
    np.testing.assert_allclose(once, expected, rtol=1e-11, atol=1e-12)


def test_a_weight_does_not_change_what_is_learned():
    frame = table(120).assign(w=np.random.default_rng(3).random(120) + 0.1)
    formula = "y ~ scale(a) + poly(b, 2) + bs(x, df=5)"
    pd.testing.assert_frame_equal(
        columns_of(formula, frame, weights="w"), columns_of(formula, frame)
    )


# What is refused


def refused(formula: str, frame: pd.DataFrame, error=ColumnError, **arguments) -> str:
    with pytest.raises(error) as caught:
        sigmoide.logit(formula, frame, **arguments)
    return str(caught.value)


def test_values_of_which_a_function_has_none_are_named(tmp_path):
    frame = table(20).assign(z=lambda f: np.where(f.index == 4, -3.0, 2.0 + f.index))
    message = refused("y ~ log(z + 1)", frame, DataError)
    assert "row 4 (counted from 0): log(z + 1) has no value where z = -3" in message
    assert "the logarithm of -2" in message
    assert "the square root of -3" in refused("y ~ a*sqrt(z)", frame, DataError)
    assert "z = -3: 1 divided by 0" in refused("y ~ I(1/(z + 3))", frame, DataError)
    assert "-3 to the power 0.5" in refused("y ~ I(z**0.5)", frame, DataError)
    assert "a number too large" in refused("y ~ exp(exp(z))", frame, DataError)
    assert "the logarithm of -3" in refused("y ~ poly(log(z), 2)", frame, DataError)
    path = tmp_path / "data.csv"
    frame.to_csv(path, index=False)
    assert "data.csv, line 6: log(z)" in refused("y ~ log(z)", path, DataError)
    # A row that is out anyway may hold what it likes.
    frame.loc[4, "a"] = None
    assert sigmoide.logit("y ~ log(z + 1) + a", frame, l2=1.0).model.dropped == {"missing a": 1}


def test_what_only_the_mean_shows_is_refused_streamed_too(tmp_path, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 16)
    frame = table(60)
    path = tmp_path / "data.parquet"
    frame.to_parquet(path)
    source = read_source(path)
    request = request_of("y ~ log(center(a))", source)
    with pytest.raises(DataError) as inside:
        prepare(in_memory(source), request)
    beyond = prepare(Data(open_reader(path), LIMITS), request)
    try:
        with pytest.raises(DataError) as caught:
            beyond.blocks.map(lambda block: block.y)
    finally:
        beyond.close()
    row = int(np.flatnonzero(frame["a"] - frame["a"].mean() <= 0)[0])
    for error in (inside, caught):
        assert f"row {row} (counted from 0): log(center(a)) has no value" in str(error.value)


def test_values_beyond_the_boundary_knots(tmp_path):
    frame = table(200)
    found = sigmoide.logit("y ~ bs(x, df=4) + a", frame)
    beyond = frame.head(5).assign(x=[1.0, 2.0, 9.5, 3.0, -1.0])
    with pytest.raises(DataError) as caught:
        found.predict(beyond)
    low, high = frame["x"].min(), frame["x"].max()
    assert "row 2 (counted from 0): bs(x, df=4) has no value where x = 9.5" in str(caught.value)
    assert f"9.5 lies outside the boundary knots {low:g} and {high:g}, which" in str(caught.value)
    with pytest.raises(DataError, match="outside the boundary knots"):
        found.evaluate(beyond.assign(y=[0, 1, 0, 1, 0]))
    wider = sigmoide.logit("y ~ bs(x, df=4, lower_bound=-5, upper_bound=15) + a", frame)
    assert np.isfinite(wider.predict(beyond)).all()
    # Natural splines go on as straight lines.
    straight = sigmoide.logit("y ~ cr(x, df=3, constraints='center')", frame)
    far = pd.DataFrame({"x": [20.0, 30.0, 40.0]})
    eta = np.log(p := straight.predict(far)) - np.log1p(-p)
    np.testing.assert_allclose(eta[2] - eta[1], eta[1] - eta[0], rtol=1e-9)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ poly(two, 2)", "poly(two, 2) cannot be made: a polynomial of degree 2 needs more"),
        ("y ~ scale(one)", "every row used holds 7"),
        ("y ~ bs(one, df=4)", "nothing between its bounds 7 and 7"),
        ("y ~ bs(two, df=6)", "some fall together. Lower df"),
        ("y ~ bs(x, knots=[-4, 3])", "its knots do not lie between"),
        ("y ~ log(g)", "log(g) needs numbers, and column 'g' is text, such as 'u'"),
        ("y ~ I(flag*2)", "column 'flag' is boolean"),
        ("y ~ a + C(only)", "the term 'C(only)' makes no column in the rows used: 'only' holds"),
        (
            "y ~ a + only",
            "the term 'only' makes no column in the rows used: 'only' holds 'v' alone",
        ),
        ("y ~ h*C(only)", "the term 'C(only)' makes no column"),
        ("y ~ h + h:only", "the term 'h:only' makes no column"),
        ("y ~ log(aa)", "there is no column 'aa'; did you mean 'a'?"),
        ("y ~ a*gg", "there is no column 'gg'; did you mean 'g'?"),
    ],
)
def test_columns_of_which_a_term_cannot_be_made(formula, words):
    frame = table(100).assign(one=7.0, only="v", flag=lambda f: f["a"] > 0)
    frame["two"] = np.where(frame["a"] > 0, 1.0, 2.0)
    assert words in refused(formula, frame)


def test_a_column_of_one_level_that_nobody_named_is_said():
    frame = table(100)[["y", "a", "h"]].assign(only="v")
    for formula in ("y ~ .", "y ~ (.)**2"):
        found = sigmoide.logit(formula, frame)
        said = "the term 'only' makes no column in the rows used: 'only' holds 'v' alone"
        assert said in found.model.notes
        assert not found.model.design.groups.get("only")


def test_missing_values_and_functions():
    frame = table(100)
    frame.loc[[3, 5], "x"] = None
    assert sigmoide.logit("y ~ log(x + 1)*g", frame, l2=1.0).model.dropped == {"missing x": 2}
    message = refused("y ~ log(x + 1)", frame, missing="indicator")
    assert "row 3 (counted from 0): 'x' has no value" in message
    assert "this one is part of log(x + 1)" in message
    assert "this one is part of x:g" in refused("y ~ x*g", frame, missing="indicator")
    message = refused("y ~ log(x + 1)", frame, DataError, missing="error")
    assert "row 3 (counted from 0): 'x' has no value" in message
    # Beside a function, a column that is used as it is may be filled in.
    filled = columns_of("y ~ x + I(a**2)", frame, policies=Policies("indicator"))
    assert list(filled.columns) == ["Intercept", "x", "x[missing]", "I(a ** 2)"]
    assert filled["x[missing]"].sum() == 2
    # And beside products.
    filled = columns_of("y ~ x + a*g", frame, policies=Policies("indicator"))
    assert list(filled.columns[:4]) == ["Intercept", "x", "x[missing]", "a"]
    np.testing.assert_allclose(filled["x"][3], frame["x"].mean())
    frame.loc[[7], "g"] = None
    frame.loc[[3, 5], "x"] = 1.0
    filled = columns_of("y ~ g + a*h", frame, policies=Policies("indicator"))
    assert filled.loc[7, ["g[T.v]", "g[T.w]", "g[missing]"]].tolist() == [0.0, 0.0, 1.0]


# Counts


def counts(n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    frame = table(n).assign(n=rng.integers(0, 6, n))
    return frame.assign(s=rng.binomial(frame["n"], 1.0 / (1.0 + np.exp(-frame["a"]))))


def test_counts_are_the_observations_that_they_count(tmp_path):
    frame = counts()
    found = sigmoide.logit("s / n ~ a*g + poly(x, 2)", frame)
    assert found.model.dropped == {"weight 0": int((frame["n"] == 0).sum())}
    long = pd.concat(
        [frame.assign(hit=1, f=frame["s"]), frame.assign(hit=0, f=frame["n"] - frame["s"])]
    )
    long = long[long["f"] > 0]
    same = sigmoide.logit("hit ~ a*g + x + I(x**2)", long, frequency="f")
    for name in ("llf", "llnull", "aic", "bic", "nobs"):
        np.testing.assert_allclose(getattr(found, name), getattr(same, name), rtol=1e-9)
    np.testing.assert_allclose(found.params["a"], same.params["a"], rtol=1e-7)
    np.testing.assert_allclose(found.bse["a"], same.bse["a"], rtol=1e-7)
    # A textbook's Newton steps over the same observations.
    ours = sigmoide.logit("s / n ~ a", frame)
    X = np.column_stack([np.ones(len(long)), long["a"]])
    y, f = long["hit"].to_numpy(float), long["f"].to_numpy(float)
    bread, _, _ = bread_and_scores(X, y, f)
    np.testing.assert_allclose(ours.params, maximum(X, y, f), rtol=1e-9)
    np.testing.assert_allclose(ours.bse, np.sqrt(np.diag(bread)), rtol=1e-9)
    assert "s of n (" in str(ours.summary())
    assert "observations by n" in str(ours.summary())
    # The file, the scores and the proof are those of counts.
    ours.save(tmp_path / "m.json")
    back = sigmoide.read_model(tmp_path / "m.json")
    assert back.model.roles.trials == "n"
    scores = back.evaluate(frame)
    assert scores == ours.evaluate(frame)
    assert "s / n" in str(back.summary())


def test_counts_of_esoph_are_those_of_r():
    lines = pd.read_csv(FOLDER / "esoph.csv")
    frame = lines.assign(n=lines["ncases"] + lines["ncontrols"])
    formula = "ncases / n ~ " + formula_of("esoph")[0].split("~")[1]
    found = sigmoide.logit(formula, frame, tol=1e-10)
    same = fitted("esoph")  # which is R's to 1e-8, by another test
    for name in ("params", "bse"):
        pd.testing.assert_series_equal(getattr(found, name), getattr(same, name), rtol=1e-9)
    assert (found.nobs, found.llf) == pytest.approx((same.nobs, same.llf), rel=1e-12)
    # A line is one observation where R takes it for one: both its rows have its number.
    source = read_source(frame)
    blocks = prepare(in_memory(source), request_of(formula, source)).blocks
    by_line = heteroskedastic(blocks, found.model.fit, True, "HC0", "line")
    at = list(found.params.index).index("C(alcgp, ref='0-39g/day')[T.120+]")
    assert f"{by_line.standard_errors[at]:.4f}" == "0.4195"
    assert by_line.n == 88


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_counts_streamed(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 16)
    frame = counts(150)
    frame.loc[[3, 9], "s"] = None
    path = tmp_path / f"data.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    request = request_of("s / n ~ a*g + poly(x, 2)", read_source(path))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert inside.learned
    assert outcome(lambda: prepare(Data(open_reader(path), LIMITS), request)) == inside
    ready = prepare(in_memory(read_source(path)), request)
    model = (ready.design, ready.target, ready.roles)
    followed = outcome(lambda: follow(in_memory(read_source(path)), *model))
    assert followed.rows == inside.rows
    assert outcome(lambda: follow(Data(open_reader(path), LIMITS), *model)) == followed


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"s": 7}, TargetError, "the successes 's' are 7, with 3 trials"),
        ({"s": -1}, TargetError, "are -1, with 3 trials"),
        ({"s": 1.5}, TargetError, "are 1.5, with 3 trials"),
        ({"n": -1}, WeightError, "the number of trials 'n' is negative: -1"),
        ({"n": 2.5}, WeightError, "the number of trials 'n' is 2.5"),
        ({"n": None}, WeightError, "the number of trials 'n' is missing"),
    ],
)
def test_counts_that_cannot_be(change, error, words, monkeypatch):
    frame = counts().astype({"s": float, "n": float})
    fitted = sigmoide.logit("s / n ~ a", frame)
    frame.loc[5, ["s", "n"]] = 1.0, 3.0
    for name, value in change.items():
        frame.loc[5, name] = value
    message = refused("s / n ~ a", frame, error)
    assert words in message
    assert "row 5 (counted from 0)" in message
    with pytest.raises(error) as caught:
        fitted.evaluate(frame)
    assert str(caught.value) == message
    source = read_source(frame)
    with pytest.raises(error) as caught:
        prepare(Data(SourceReader(source), LIMITS), request_of("s / n ~ a", source))
    assert str(caught.value) == message


def test_counts_of_one_kind_and_other_uses():
    frame = counts()
    assert "is a success (" in refused("n / n2 ~ a", frame.assign(n2=frame["n"]), TargetError)
    assert "is a failure (" in refused("z / n ~ a", frame.assign(z=0), TargetError)
    assert "among 'n' trials" in refused("s / n ~ a", frame, UsageError, frequency="s")
    assert "a success is the event" in refused("s / n ~ a", frame, UsageError, event=1)
    assert "the trials 'n' are also" in refused("s / n ~ a + n", frame, UsageError)
    assert "would explain itself" in refused("s / n ~ a + log(s + 1)", frame, UsageError)
    assert "the successes 'g' are 'w' (" in refused("g / n ~ a", frame, TargetError)


# Offsets


def test_offsets_of_the_formula():
    frame = table(300).assign(t=lambda f: np.exp(f["a"]))
    by_name = sigmoide.logit("y ~ b", frame, offset="a")
    for formula in (
        "y ~ b + offset(a)",
        "y ~ b + offset(log(t))",
        "y ~ b + offset(a/2) + offset(a/2)",
    ):
        found = sigmoide.logit(formula, frame)
        np.testing.assert_allclose(found.params, by_name.params, rtol=1e-10)
        np.testing.assert_allclose(found.predict(frame), by_name.predict(frame), rtol=1e-12)
    rest = sigmoide.logit("y ~ . + offset(a)", frame.drop(columns=["when", "t"]))
    assert list(rest.model.design.groups) == ["b", "x", "g", "h", "k"]
    assert "another was given besides" in refused(
        "y ~ b + offset(a)", frame, UsageError, offset="x"
    )
    message = refused("y ~ b + offset(log(a))", frame, WeightError)
    row = int((frame["a"] < 0).idxmax())
    assert f"row {row} (counted from 0): offset(log(a)) has no value where a = " in message
    frame.loc[4, "t"] = None
    missing = sigmoide.logit("y ~ b + offset(log(t))", frame)
    assert missing.model.dropped == {"missing offset(log(t))": 1}
