"""Penalty factors: the optimum is that of the objective they make, and existence is not free."""

from __future__ import annotations

import json
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import sigmoide
from sigmoide.api.certify import certify_model
from sigmoide.errors import (
    AliasedWarning,
    ModelFileError,
    SeparationWarning,
    UsageError,
)
from sigmoide.fit import driver as engine
from sigmoide.fit.driver import fit_blocks
from sigmoide.proof.by_ridge import RIDGE
from sigmoide.results.records import Settings
from sigmoide.solver.choose import Plan
from sigmoide.sources import options
from support.cli_run import refused, run
from support.problems import Problem, ordinary, problem, rough
from support.profiles import in_columns


def frame_of(seed: int = 0, n: int = 150) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(3.0, 10.0, n)
    g = rng.choice(["a", "b", "c"], n)
    y = rng.random(n) < 1 / (1 + np.exp(-x - 0.05 * z + (g == "b")))
    return pd.DataFrame({"y": y.astype(int), "x": x, "z": z, "g": g})


def fit(p: Problem, l2: float, factors: list[float], **asked: object):
    named = tuple(zip(p.names, factors, strict=True))
    return fit_blocks(p.blocks(), True, Settings(l2, penalty_factors=named, **asked))


def params(found) -> np.ndarray:
    kept = found.coefficients
    return np.concatenate([[kept.intercept - kept.centre @ kept.coef], kept.coef])


# --- the optimum


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    l2=st.sampled_from([2.0**-6, 1.0, 8.0, 1024.0]),
    factors=st.lists(st.sampled_from([0.0, 0.25, 1.0, 4.0]), min_size=3, max_size=3),
)
def test_the_optimum_is_that_of_the_objective_in_fifty_digits(seed, l2, factors):
    p = ordinary(np.random.default_rng(seed), 60, 3)
    found = fit(p, l2, factors)
    if found.status == "separated":
        assert 0.0 in factors
        return
    truth = in_columns(problem(p.X, p.y, alpha=l2 * np.array(factors)))
    best, _ = truth.optimum(params(found))
    assert found.status == "proved"
    np.testing.assert_allclose(params(found), np.array(best, dtype=float), rtol=1e-9, atol=1e-11)
    np.testing.assert_array_equal(found.alpha, l2 * np.array(factors))


def test_the_residuals_balance_the_penalty_of_each_column():
    """x'(y - p) = alpha w: zero for the intercept and for what bears no penalty."""
    data = frame_of()
    found = sigmoide.logit("y ~ x + z + g", data, l2=4.0, penalty_factors={"z": 0, "g": 2.5})
    miss = (data.y - found.predict(data)).to_numpy()
    w = found.params
    assert abs(miss.sum()) < 1e-7
    assert abs(miss @ data.z) < 1e-6
    assert miss @ data.x == pytest.approx(4.0 * w["x"], rel=1e-7)
    for level in "bc":
        slope = w[f"g[T.{level}]"]
        assert miss @ (data.g == level) == pytest.approx(10.0 * slope, rel=1e-7)


def test_a_term_is_all_of_its_columns_and_a_column_itself():
    data = frame_of()
    formula = "y ~ x * C(g)"
    found = sigmoide.logit(formula, data, l2=1.0, penalty_factors={"x:C(g)": 3, "C(g)[T.c]": 0})
    assert dict(found.model.settings.penalty_factors) == {
        "C(g)[T.c]": 0.0,
        "x:C(g)[T.b]": 3.0,
        "x:C(g)[T.c]": 3.0,
    }
    assert found.model.fit.alpha.tolist() == [
        {"x": 1.0, "C(g)[T.b]": 1.0, "C(g)[T.c]": 0.0}.get(name, 3.0)
        for name in found.params.index[1:]
    ]


def test_standardised_penalties_are_multiplied_too():
    data = frame_of()
    given = {"z": 0.0, "x": 3.0}
    found = sigmoide.logit("y ~ x + z", data, l2=2.0, standardize=True, penalty_factors=given)
    by_hand = {"x": 3.0 * data.x.var(ddof=0), "z": 0.0}
    other = sigmoide.logit("y ~ x + z", data, l2=2.0, penalty_factors=by_hand)
    np.testing.assert_allclose(found.params, other.params, rtol=1e-9)


def test_factors_of_1_change_no_bit():
    data = frame_of()
    plain = sigmoide.logit("y ~ x + z + g", data, l2=3.0)
    same = sigmoide.logit(
        "y ~ x + z + g", data, l2=3.0, penalty_factors={"x": 1.0, "z": 1, "g": 1.0}
    )
    assert plain.params.equals(same.params)
    assert plain.certificate == same.certificate


@pytest.mark.parametrize("way", ["newton", "sampled", "diagonal"])
@pytest.mark.parametrize("inference", [True, False])
def test_every_way_comes_to_the_same_optimum(way, inference, monkeypatch):
    p = ordinary(np.random.default_rng(3), 3000, 4)
    factors = [0.0, 1.0, 2.0, 0.0]
    straight = fit(p, 16.0, factors)
    sample = 600 if way == "sampled" else 0
    monkeypatch.setattr(engine, "plan", lambda rows, size: Plan(way, sample))
    found = fit(p, 16.0, factors, inference=inference)
    assert found.status == "proved"
    assert found.certificate.method != RIDGE
    np.testing.assert_allclose(params(found), params(straight), rtol=1e-8)


# --- existence: what bears no penalty may be aliased, or run away


def test_a_copy_of_a_penalised_column_bears_all_and_is_not_left_out():
    data = frame_of().assign(copy=lambda f: 2.0 * f.x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sigmoide.logit("y ~ x + copy + z", data, l2=1.0, penalty_factors={"copy": 0})
    alone = sigmoide.logit("y ~ copy + z", data, l2=1.0, penalty_factors={"copy": 0})
    assert found.certificate.proved
    assert abs(found.params["x"]) < 1e-9
    np.testing.assert_allclose(found.params[["copy", "z"]], alone.params[1:], rtol=1e-8)


def test_copies_among_unpenalised_columns_are_aliased_as_ever():
    data = frame_of().assign(copy=lambda f: 2.0 * f.z + 1.0)
    free = {"z": 0.0, "copy": 0.0}
    with pytest.warns(AliasedWarning, match=r"copy = 1 \+ 2 × z"):
        found = sigmoide.logit("y ~ z + x + copy", data, l2=1.0, penalty_factors=free)
    alone = sigmoide.logit("y ~ z + x", data, l2=1.0, penalty_factors={"z": 0.0})
    np.testing.assert_allclose(found.params[["z", "x"]], alone.params[1:], rtol=1e-9)
    with pytest.raises(sigmoide.errors.AliasedError, match="copy"):
        sigmoide.logit("y ~ z + x + copy", data, l2=1.0, penalty_factors=free, aliased="error")


def test_where_some_are_aliased_a_copy_of_a_penalised_column_stays():
    data = frame_of().assign(copy=lambda f: 2.0 * f.x, more=lambda f: 2.0 * f.z + 1.0)
    free = {"copy": 0.0, "z": 0.0, "more": 0.0}
    with pytest.warns(AliasedWarning, match=r"more = 1 \+ 2 × z$"):
        found = sigmoide.logit("y ~ x + copy + z + more", data, l2=1.0, penalty_factors=free)
    alone = sigmoide.logit("y ~ copy + z", data)
    assert found.certificate.proved
    assert abs(found.params["x"]) < 1e-9
    np.testing.assert_allclose(found.params[["copy", "z"]], alone.params[1:], rtol=1e-8)


def test_a_penalised_column_that_separates_is_finite_whatever_the_others_bear():
    data = frame_of().assign(s=lambda f: 1.0 * f.y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sigmoide.logit("y ~ x + s", data, l2=0.5, penalty_factors={"x": 0.0})
    assert found.certificate.proved
    assert found.separation.kind == "none"


def test_two_columns_that_separate_only_together_do_not_while_one_is_penalised():
    """A witness over all columns would be false: its penalised part costs more than it gains."""
    rng = np.random.default_rng(10)
    x1, x2 = rng.random(80), rng.random(80)
    data = {"y": (x1 + x2 > 1).astype(int), "x1": x1, "x2": x2}
    with pytest.warns(SeparationWarning):
        sigmoide.logit("y ~ x1 + x2", data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sigmoide.logit("y ~ x1 + x2", data, l2=1e-3, penalty_factors={"x1": 0.0})
    assert found.certificate.proved
    with pytest.warns(SeparationWarning, match="Infinite: Intercept, x1, x2"):
        sigmoide.logit("y ~ x1 + x2", data, l2=1.0, penalty_factors={"x1": 0.0, "x2": 0.0})


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("place", ["first", "last"])
def test_an_unpenalised_column_that_separates_is_infinite_and_the_rest_its_limit(
    standardize, place
):
    data = frame_of(4).assign(h=(np.arange(150) % 20 == 0).astype(float))
    data["y"] = np.where(data.h == 1, 1, data.y)
    formula = "y ~ h + x + z" if place == "first" else "y ~ x + z + h"
    with pytest.warns(SeparationWarning, match="Infinite: h"):
        found = sigmoide.logit(
            formula, data, l2=6.0, standardize=standardize, penalty_factors={"h": 0.0}
        )
    assert found.status == "separated"
    assert found.separation.kind == "quasi-complete"
    wanted = {"Intercept": 0.0, "x": 0.0, "z": 0.0, "h": 1.0}
    assert found.separation.directions.to_dict() == wanted
    assert found.separation.rows.tolist() == np.flatnonzero(data.h == 1).tolist()
    held = found.model.fit.separation
    slopes = dict(zip(found.params.index[1:], held.direction[1:], strict=True))
    assert slopes["x"] == slopes["z"] == 0.0 < slopes["h"]
    # the limit is the fit of the other rows with the penalties of all rows
    part = data[data.h == 0]
    size = {name: data[name].var(ddof=0) if standardize else 1.0 for name in ("x", "z")}
    rest = sigmoide.logit("y ~ x + z", part, l2=6.0, penalty_factors=size)
    np.testing.assert_allclose(
        found.params[["Intercept", "x", "z"]], rest.params[["Intercept", "x", "z"]], rtol=1e-8
    )
    assert found.llf == pytest.approx(rest.llf, rel=1e-10)
    text = " ".join(str(found.summary()).split())
    assert "give these columns a penalty factor above 0" in text
    assert not certify_model(found.model, sigmoide_blocks(data)).proved
    # a limit indeed: a factor that vanishes comes near
    near = sigmoide.logit(
        formula, data, l2=6.0, standardize=standardize, penalty_factors={"h": 1e-6}
    )
    np.testing.assert_allclose(near.params[["x", "z"]], found.params[["x", "z"]], rtol=1e-3)
    assert near.params["h"] > 8.0


def sigmoide_blocks(data: pd.DataFrame):
    return problem(data[["x", "z", "h"]].to_numpy(), data.y.to_numpy()).blocks()


def test_complete_separation_leaves_nothing_for_the_penalised():
    data = frame_of().assign(s=lambda f: 1.0 * f.y)
    with pytest.warns(SeparationWarning, match="Infinite: Intercept, s"):
        found = sigmoide.logit("y ~ x + s + z", data, l2=1.0, penalty_factors={"s": 0.0})
    assert found.separation.kind == "complete"
    assert found.params[["x", "z"]].tolist() == [0.0, 0.0]
    assert (found.params["Intercept"], found.params["s"]) == (-math.inf, math.inf)


def separates(p: Problem, free: np.ndarray) -> bool:
    """Whether a direction of the intercept and these columns separates, by a linear program."""
    X = p.X[:, free] / np.maximum(np.abs(p.X[:, free]).max(axis=0), 1e-300)
    S = np.column_stack([np.ones(len(X)), X]) * (2.0 * p.y - 1.0)[:, None]
    box = [(-1.0, 1.0)] * S.shape[1]
    found = linprog(-S.sum(axis=0), A_ub=-S, b_ub=np.zeros(len(S)), bounds=box, method="highs")
    return -found.fun > 1e-7


def test_a_minimum_is_missing_where_the_unpenalised_columns_separate_and_nowhere_else():
    known = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        p = rough(rng)
        factors = rng.choice([0.0, 0.0, 1.0, 3.0], p.X.shape[1])
        found = fit(p, float(rng.choice([0.01, 1.0, 100.0])), factors.tolist())
        wanted = separates(p, factors == 0.0)
        if found.status != "undetermined":
            assert (found.status == "separated") == wanted, seed
            known.append(wanted and 0 < np.count_nonzero(factors) < len(factors))
    assert len(known) >= 147
    assert any(known)


# --- no inference


def test_a_partly_penalised_fit_has_no_inference():
    data = frame_of()
    found = sigmoide.logit("y ~ x + z", data, l2=1.0, penalty_factors={"x": 0.0})
    assert found.bse.isna().all()
    assert found.pvalues.isna().all()
    assert math.isnan(found.llr_pvalue)
    assert "std. err." not in str(found.summary())
    for ask in (
        lambda: found.with_cov("HC0"),
        lambda: found.t_test("x"),
        lambda: found.conf_int(method="profile"),
        found.drop1,
    ):
        with pytest.raises(UsageError, match="penalised"):
            ask()


# --- the same bits beyond memory, the same model from its file, the command line


def test_beyond_memory_the_bits_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(options, "LEAST", 0)
    data = frame_of(n=30_000)
    data.to_parquet(tmp_path / "f.parquet")
    asked = {"l2": 3.0, "standardize": True, "penalty_factors": {"z": 0.0, "g": 2.0}}
    inside = sigmoide.logit("y ~ x + z + g", data, **asked)
    beyond = sigmoide.logit("y ~ x + z + g", tmp_path / "f.parquet", memory="1MB", **asked)
    assert any(note.startswith("streamed: ") for note in beyond.model.notes)
    assert inside.params.equals(beyond.params)
    assert inside.certificate == beyond.certificate


def test_the_model_file_keeps_them_and_older_files_are_read(tmp_path):
    data = frame_of()
    path = tmp_path / "m.json"
    found = sigmoide.logit("y ~ x + z + g", data, l2=2.0, penalty_factors={"z": 0.0, "g": 0.5})
    found.save(path)
    again = sigmoide.read_model(path)
    assert again.model.settings == found.model.settings
    np.testing.assert_array_equal(again.model.fit.alpha, [2.0, 0.0, 1.0, 1.0])
    assert str(again.summary()) == str(found.summary())
    certified = (
        found.model,
        problem(np.column_stack([data.x, data.z, data.g == "b", data.g == "c"]), data.y.to_numpy()),
    )
    assert certify_model(again.model, certified[1].blocks()).proved
    text = json.loads(path.read_text())
    assert text["settings"].pop("penalty_factors") == {"z": 0.0, "g[T.b]": 0.5, "g[T.c]": 0.5}
    path.write_text(json.dumps(text))
    assert sigmoide.read_model(path).model.settings.penalty_factors == ()


@pytest.mark.parametrize(
    ("held", "l2", "words"),
    [
        ({"x": -1.0}, 2.0, "zero or more"),
        ({"x": "Infinity"}, 2.0, "finite"),
        ({"x": "0"}, 2.0, "a number is needed"),
        ({"w": 1.0}, 2.0, "one of the columns of the model"),
        ([["x", 0.0]], 2.0, "an object is needed"),
        ({"x": 1.0}, 0.0, "no penalty that they could be factors of"),
    ],
)
def test_files_with_other_factors_are_refused(held, l2, words, tmp_path):
    path = tmp_path / "m.json"
    sigmoide.logit("y ~ x + z", frame_of(), l2=2.0).save(path)
    text = json.loads(path.read_text())
    text["settings"] |= {"penalty_factors": held, "l2": l2}
    path.write_text(json.dumps(text))
    with pytest.raises(ModelFileError, match=words):
        sigmoide.read_model(path)


def test_the_table_says_which_columns_bear_what():
    data = frame_of()
    text = str(
        sigmoide.logit("y ~ x + z + g", data, l2=2.0, penalty_factors={"z": 0, "g": 0.5}).summary()
    )
    said = " ".join(text.split())
    assert "each column; but z unpenalised, g[T.b] × 0.5, g[T.c] × 0.5" in said
    many = data.assign(k=[f"v{i % 40}" for i in range(len(data))])
    text = str(sigmoide.logit("y ~ k", many, l2=2.0, penalty_factors={"k": 0.5}).summary())
    assert "… (39 in all)" in " ".join(text.split())


def test_the_command_line_is_the_same_fit(tmp_path):
    data = frame_of()
    data.to_csv(tmp_path / "f.csv", index=False)
    formula = "y ~ x + z + C(g, ref='b')"
    done = run(
        *("fit", tmp_path / "f.csv", "--formula", formula, "--l2", 2, "--out", tmp_path / "m.json"),
        *("--penalty-factor", "z=0", "--penalty-factor", "C(g, ref='b')=2.5"),
    )
    assert done.exit_code == 0, done.stderr
    assert "z unpenalised" in done.stdout
    factors = {"z": 0.0, "C(g, ref='b')": 2.5}
    wanted = sigmoide.logit(formula, data, l2=2.0, penalty_factors=factors)
    found = sigmoide.read_model(tmp_path / "m.json")
    assert found.params.equals(wanted.params)
    assert found.model.settings == wanted.model.settings


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--l2", 1, "--penalty-factor", "x"), "write it as TERM=FACTOR"),
        (("--l2", 1, "--penalty-factor", "=0"), "write it as TERM=FACTOR"),
        (("--l2", 1, "--penalty-factor", "x=none"), "write it as TERM=FACTOR"),
        (("--l2", 1, "--penalty-factor", "x=nan"), "a finite number"),
        (("--l2", 1, "--penalty-factor", "x=-1"), "zero or more"),
        (("--l2", 1, "--penalty-factor", "x=1", "--penalty-factor", "x=2"), "twice for 'x'"),
        (("--penalty-factor", "x=0"), "without a penalty"),
        (("--l2", 1, "--penalty-factor", "xx=0"), "Did you mean 'x'?"),
        (("--firth", "--penalty-factor", "x=0"), "without a penalty"),
    ],
)
def test_the_command_line_refuses(options, words, tmp_path):
    frame_of().to_csv(tmp_path / "f.csv", index=False)
    refused(run("fit", tmp_path / "f.csv", "--target", "y", *options), 2, words)


@pytest.mark.parametrize(
    ("l2", "factors", "words"),
    [
        (0.0, {"x": 0.0}, "Give l2 too"),
        (1.0, {"x": -0.5}, r"penalty_factors\['x'\]=-0.5 was given; it is a finite number"),
        (1.0, {"x": math.inf}, "a finite number"),
        (1.0, {"x": "0"}, "a finite number"),
        (1e200, {"x": 1e200}, "beyond what floating point holds"),
        (1.0, {"Intercept": 0.0}, "intercept, which is never penalised"),
        (1.0, {"c(g)": 0.0}, r"no term or column\. Did you mean 'C\(g\)'"),
        (1.0, {"nothing": 0.0}, r"There are: x, C\(g\), C\(g\)\[T\.b\]"),
        (1.0, {"C(g)": 0.0, "C(g)[T.b]": 1.0}, r"'C\(g\)\[T\.b\]' has two penalty factors"),
        (1.0, [("x", 0.0)], "it is a mapping"),
    ],
)
def test_what_cannot_be_meant_is_refused(l2, factors, words):
    with pytest.raises(UsageError, match=words):
        sigmoide.logit("y ~ x + C(g)", frame_of(), l2=l2, penalty_factors=factors)
