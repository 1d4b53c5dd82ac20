"""What users of other systems ran into, and what is inferred here (M: measured, C: complaints).

M1, M6, M7 and M8 of the fit itself are in ``test_measured``. All that Firth's method (16) says of
endometrial, sex2, M1 and others, to 1e-8 of what R computes, and M1 in other units are in
``test_small_samples``; every coding of the target (20) in ``test_target_and_roles``; what needs
operators of formulas, beside those.
"""

from __future__ import annotations

import math
import tracemalloc
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.special import ndtri

import sigmoide
from references.refdata import arr
from sigmoide.blocks.blocks import array_blocks
from sigmoide.errors import (
    AliasedWarning,
    SeparationWarning,
    SigmoideWarning,
    TargetError,
    UsageError,
)
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.robust import heteroskedastic
from sigmoide.results.covariance import estimates, fisher
from sigmoide.results.records import Settings
from support.cli_run import refused, run
from support.reference_sets import (
    FOLDER,
    SURVEYS,
    WITH_MLE,
    data_of,
    fitted,
    formula_of,
    in_our_order,
    reference,
)
from support.spector import printed

KINDS = ["HC0", "HC1", "HC2", "HC3", "CR0", "CR_G", "CR1"]


def drawn(n: int, slope: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return x, (rng.random(n) < 1 / (1 + np.exp(-slope * x))).astype(int)


@pytest.fixture
def m1() -> pd.DataFrame:
    """200 rows, y always 1 where g = 1: the coefficient of g is infinite."""
    x, y = drawn(200, 0.5, seed=1)
    g = (np.arange(200) % 20 == 0).astype(int)
    frame = pd.DataFrame({"x": x, "g": g, "y": np.where(g == 1, 1, y)})
    return frame.assign(id=np.arange(200) // 4, s=1 + np.arange(200) % 3)


def quietly(formula: str, data: object, **asked: object) -> sigmoide.Result:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        return sigmoide.logit(formula, data, **asked)


def asked_of(kind: str) -> dict[str, str]:
    return {"cov": kind, "cluster": "id"} if kind.startswith("CR") else {"cov": kind}


# M1 and C17: an interval whose upper end is infinite


def test_m1_the_interval_of_an_infinite_coefficient_has_an_infinite_end(m1):
    with pytest.warns(SeparationWarning, match="Infinite: g"):
        found = sigmoide.logit("y ~ x + g", m1)
    ends = found.conf_int(method="profile")
    assert ends.loc["g", 1] == math.inf
    # its lower end is where twice the log-likelihood has dropped by the quantile
    held = ends.loc["g", 0]
    assert math.isfinite(held)
    restricted = sigmoide.logit("y ~ x", m1.assign(o=m1.g * held), offset="o")
    assert 2 * (found.llf - restricted.llf) == pytest.approx(ndtri(0.975) ** 2, rel=1e-8)
    # what is finite has the interval of the rows that overlap
    rest = sigmoide.logit("y ~ x", m1[m1.g == 0])
    np.testing.assert_allclose(ends.loc["x"], rest.conf_int(method="profile").loc["x"], rtol=1e-8)
    row = next(r for r in found.summary(method="profile").coefficients if r.term == "g")
    assert (row.estimate, row.high, row.odds[2]) == (math.inf, math.inf, math.inf)
    assert math.isnan(row.standard_error)
    assert math.isnan(row.p)
    assert "method='firth', --firth" in str(found.summary())


# M2 and C14: robust errors of an infinite estimate


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [1.0, 1e8, 1e-8])
@pytest.mark.parametrize("weight", [None, "frequency", "weights"])
def test_m2_robust_errors_of_an_infinite_coefficient_are_withheld(m1, kind, scale, weight):
    given = {} if weight is None else {weight: "s"}
    found = quietly("y ~ x + g", m1.assign(g=m1.g * scale), **given, **asked_of(kind))
    assert found.separation.directions.to_dict() == {"Intercept": 0.0, "x": 0.0, "g": 1.0}
    for table in (found.bse, found.zvalues, found.pvalues, found.conf_int()[0]):
        assert math.isnan(table["g"])
    assert found.cov_params().loc["g"].isna().all()
    assert f"{kind} errors of g are withheld" in " ".join(found.summary().notes)
    for test in (found.t_test("g = 0"), found.t_test("x - g = 0")):
        assert math.isnan(test["p"].iloc[0])
    assert math.isnan(found.wald_test_terms().p["g"])
    # the finite ones are those of the rows that overlap, but for the factors that count rows
    rest = quietly("y ~ x", m1[m1.g == 0], **given, **asked_of(f"{kind[:2]}0"))
    if kind in ("HC0", "CR0"):
        assert found.bse["x"] == pytest.approx(rest.bse["x"], rel=1e-8)
    assert 0.9 * rest.bse["x"] < found.bse["x"] < 1.2 * rest.bse["x"]


# M6 and C20: the sign of every table is that of the event that it names


def test_m6_errors_tests_and_intervals_know_the_event():
    x, y = drawn(300, 1.0, seed=2)
    words = np.where(y == 1, "yes", "no")
    ours = sigmoide.logit("y ~ x", {"y": words, "x": x})
    turned = sigmoide.logit("y ~ x", {"y": words, "x": x}, event="no")
    for one, two in ((ours, turned), (ours.with_cov("HC3"), turned.with_cov("HC3"))):
        np.testing.assert_allclose(one.bse, two.bse, rtol=1e-8)
        assert one.params["x"] > 0 > two.params["x"]
        np.testing.assert_allclose(one.t_test("x = 1").z, -two.t_test("x = -1").z, rtol=1e-8)
        assert "y = yes" in str(one.summary())
        assert "y = no" in str(two.summary())
    ends = ours.conf_int(method="profile").loc["x"], turned.conf_int(method="profile").loc["x"]
    np.testing.assert_allclose(ends[0], -ends[1][::-1], rtol=1e-8)
    with pytest.raises(UsageError, match="y = yes and y = no"):
        sigmoide.anova(sigmoide.logit("y ~ 1", {"y": words, "x": x}), turned)
    assert "(1): y = yes, (2): y = no" in str(sigmoide.compare(ours, turned))


# M7: the dummy trap


@pytest.mark.parametrize("kind", KINDS)
def test_m7_an_aliased_column_changes_no_error(kind):
    x, y = drawn(200, 1.0, seed=4)
    a = (np.arange(200) % 2).astype(float)
    data = {"y": y, "x": x, "a": a, "b": 1.0 - a, "id": np.arange(200) // 5}
    with pytest.warns(AliasedWarning, match="b = 1 - a"):
        found = sigmoide.logit("y ~ x + a + b", data, **asked_of(kind))
    alone = sigmoide.logit("y ~ x + a", data, **asked_of(kind))
    assert found.bse.equals(alone.bse)
    np.testing.assert_allclose(
        found.conf_int(method="profile"), alone.conf_int(method="profile"), rtol=1e-9
    )
    # one of a and b can go, not both: either has nothing of its own
    assert found.drop1().df.to_dict() == {"x": 1, "a": 0, "b": 0}


# M8: rows that are left out


def test_m8_tests_between_models_of_other_rows_are_refused():
    x, y = drawn(150, 1.0, seed=6)
    z = np.where(np.arange(150) % 8 == 0, np.nan, x**2)
    data = pd.DataFrame({"y": y, "x": x, "z": z})
    small, large = sigmoide.logit("y ~ x", data), sigmoide.logit("y ~ x + z", data)
    assert large.dropped == {"missing z": 19}
    with pytest.raises(UsageError, match="fitted on different rows \\(150 and 131\\)"):
        sigmoide.anova(small, large)
    assert "do not compare" in str(sigmoide.compare(small, large))
    # drop1 takes the rows of the fit, for every term
    both = sigmoide.logit("y ~ x", data.dropna())
    wanted = sigmoide.anova(both, large).loc[2]
    assert large.drop1().loc["z", "lrt"] == pytest.approx(wanted["lrt"], rel=1e-9)
    # labels of all rows are told apart from those that were fitted
    ids = np.arange(150) // 3
    ours = large.with_cov("CR1", cluster=ids).bse
    theirs = sigmoide.logit("y ~ x + z", data.assign(id=ids).dropna(), cluster="id").bse
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    with pytest.raises(UsageError, match="131 labels were given; the data have 150 rows"):
        large.with_cov("CR1", cluster=ids[~np.isnan(z)])


# M9 and C15: memory


def test_m9_inference_takes_a_part_of_the_memory_of_the_rows():
    """300,000 rows of 20 columns are 48 MB; statsmodels took 646 beside them for the fit alone."""
    rng = np.random.default_rng(9)
    X = rng.normal(size=(300_000, 20))
    y = (rng.random(300_000) < 1 / (1 + np.exp(-X[:, 0] / 2))).astype(float)
    data = {"y": y, "id": np.arange(300_000) // 30} | {f"x{j}": X[:, j] for j in range(20)}
    found = sigmoide.logit("y ~ .", data, cluster="id").with_cov("nonrobust")
    assert len(found.params) == 21
    for ask in (
        lambda: found.with_cov("HC3"),
        lambda: found.with_cov("CR1", cluster="id"),
        lambda: found.conf_int(method="profile"),
    ):
        tracemalloc.start()
        try:
            ask()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 48e6, peak


# M10: which coefficients are infinite does not depend on units


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e5, 1e8])
def test_m10_directions_do_not_depend_on_units(scale):
    """Separated by x1 + x2 > 1: firthmodels takes x2 for finite once it is in other units."""
    rng = np.random.default_rng(10)
    x1, x2 = rng.random(80), rng.random(80)
    y = (x1 + x2 > 1).astype(int)
    found = quietly("y ~ x1 + x2", {"y": y, "x1": x1, "x2": x2 * scale})
    assert found.separation.kind == "complete"
    assert found.separation.directions.to_dict() == {"Intercept": -1.0, "x1": 1.0, "x2": 1.0}
    robust = found.with_cov("HC1")
    assert robust.bse.isna().all()
    ends, base = (
        found.conf_int(method="profile"),
        quietly("y ~ x1 + x2", {"y": y, "x1": x1, "x2": x2}),
    )
    assert (ends.loc[["x1", "x2"], 1] == math.inf).all()
    assert ends.loc["x2", 0] * scale == pytest.approx(
        base.conf_int(method="profile").loc["x2", 0], rel=1e-7
    )


# C14: one verdict, whatever the units, the weights, the order of columns and the way in


def m10() -> tuple[pd.DataFrame, dict[str, float]]:
    """Quasi-completely separated by x1 + x2, which rows of both classes lie on the plane of."""
    rng = np.random.default_rng(14)
    x1, side = rng.integers(-8, 9, 160).astype(float), rng.integers(-2, 3, 160)
    y = np.where(side == 0, rng.integers(0, 2, 160), side > 0)
    frame = pd.DataFrame({"x1": x1, "x2": 0.5 * side - x1, "y": y})
    frame = frame.assign(id=np.arange(160) // 4, s=1 + np.arange(160) % 3)
    return frame, {"Intercept": 0.0, "x1": 1.0, "x2": 1.0}


def given_weights(weighed: bool) -> dict[str, str]:
    return {"weights": "s"} if weighed else {}


VARIANTS = {"M1 and M2": ("g", None), "M10": ("x2", m10)}


@pytest.mark.parametrize("case", VARIANTS)
@pytest.mark.parametrize("scale", [1.0, 2.0**27, 1e8, 1e-8])
@pytest.mark.parametrize("weight", [None, "frequency", "weights"])
@pytest.mark.parametrize("order", ["as it comes", "backwards"])
def test_c14_the_verdict_is_the_same_for_every_variant(
    case, scale, weight, order, m1, tmp_path, monkeypatch
):
    """Which coefficients are infinite is known by the construction of both data sets.

    The products of M10 by 1e-8 are rounded, so that its plane is one to 1e-16 only.
    """
    from sigmoide.sources import options

    monkeypatch.setattr(options, "LEAST", 0)
    moved, made = VARIANTS[case]
    data, signs = made() if made else (m1, {"Intercept": 0.0, "x": 0.0, "g": 1.0})
    data = data.assign(**{moved: data[moved] * scale})
    terms = list(signs)[1:]
    terms, data = (terms[::-1], data[data.columns[::-1]]) if order == "backwards" else (terms, data)
    data.to_csv(tmp_path / "f.csv", index=False)
    given = {} if weight is None else {weight: "s"}
    formula = f"y ~ {' + '.join(terms)}"
    inside = quietly(formula, data, **given)
    assert inside.separation.kind == "quasi-complete"
    assert inside.separation.directions.to_dict() == signs
    infinite = [name for name, sign in signs.items() if sign]
    for kind in ("HC0", "HC3", "CR1"):
        found = inside.with_cov(**asked_of(kind))
        assert found.pvalues[infinite].isna().all()
        assert found.bse[infinite].isna().all()
        assert f"{kind} errors of " in " ".join(found.summary().notes)
    beyond = quietly(formula, tmp_path / "f.csv", memory="4KB", **given, cov="HC1")
    assert any(note.startswith("streamed: ") for note in beyond.model.notes)
    assert beyond.separation.kind == inside.separation.kind
    assert beyond.separation.directions.equals(inside.separation.directions)
    assert beyond.separation.rows.tolist() == inside.separation.rows.tolist()
    assert beyond.pvalues.equals(inside.with_cov("HC1").pvalues)


@pytest.mark.parametrize("case", VARIANTS)
@pytest.mark.parametrize("scale", [1.0, 2.0**27, 1e8, 1e-8])
@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("form", ["csr", "csc"])
def test_c14_the_verdict_on_a_sparse_matrix_is_the_same(case, scale, weighed, form, m1):
    moved, made = VARIANTS[case]
    data, signs = made() if made else (m1, {"Intercept": 0.0, "x": 0.0, "g": 1.0})
    data = data.assign(**{moved: data[moved] * scale})
    terms = list(signs)[1:]
    X = sparse.csr_array(data[terms].to_numpy(float))
    weight = data.s if weighed else None
    with pytest.warns(SeparationWarning, match=f"Infinite: .*x{terms.index(moved)}"):
        found = sigmoide.LogisticRegression(C=np.inf).fit(X.asformat(form), data.y, weight)
    inside = quietly(f"y ~ {' + '.join(terms)}", data, **given_weights(weighed))
    verdict = found.fit_.separation
    assert verdict.kind == inside.separation.kind == "quasi-complete"
    assert verdict.signs.tolist() == list(signs.values())
    assert verdict.rows.tolist() == inside.separation.rows.tolist()
    infinite = np.array([bool(signs[name]) for name in terms])
    assert np.isposinf(found.coef_[0, infinite]).all()
    assert np.isfinite(found.coef_[0, ~infinite]).all()
    # and of columns of a data frame that are sparse, with what is inferred
    frame = pd.DataFrame.sparse.from_spmatrix(X, columns=terms).assign(y=data.y, s=data.s)
    named = quietly(f"y ~ {' + '.join(terms)}", frame, cov="HC1", **given_weights(weighed))
    assert named.separation.directions.to_dict() == signs
    assert named.pvalues[np.array(terms)[infinite]].isna().all()
    assert named.params.equals(inside.params)


def test_c14_three_classes_are_refused_by_every_front(m1, tmp_path):
    """The library is binary: separation of three classes is another problem, and nothing here."""
    data = m1.assign(y=np.arange(200) % 3)[["y", "x", "g"]]
    X = data[["x", "g"]].to_numpy()
    for features in (X, sparse.csr_array(X)):
        with pytest.raises(ValueError, match="Only binary classification is supported") as caught:
            sigmoide.LogisticRegression().fit(features, data.y)
        assert "Make it two classes, one against the others" in str(caught.value)
        with pytest.raises(TargetError, match=r"3 different values.*Two classes are needed"):
            sigmoide.certify([0.0, 0.0], 0.0, features, data.y)
    with pytest.raises(TargetError, match=r"'y' has 3 different values.*Two classes are needed"):
        sigmoide.logit("y ~ x + g", data)
    data.to_csv(tmp_path / "f.csv", index=False)
    said = refused(run("fit", tmp_path / "f.csv", "--target", "y"), 3, "3 different values")
    assert "Two classes are needed" in " ".join(said.split())


# C5: no p-values


@pytest.mark.filterwarnings("ignore::sigmoide.errors.AliasedWarning")
@pytest.mark.parametrize("name", [n for n in WITH_MLE if reference(n).ref["mle"].get("vcov")])
def test_c5_the_covariance_is_r_s(name):
    found, mle = fitted(name), reference(name).ref["mle"]
    ours = formula_of(name)[1]
    order = [[ours[n] for n in mle["names"]].index(t) for t in found.params.index]
    theirs = arr(mle["vcov"])[np.ix_(order, order)]
    size = np.sqrt(np.diag(theirs))
    assert np.max(np.abs(found.cov_params() - theirs) / np.outer(size, size)).max() <= 1e-8


def test_c5_a_penalised_fit_never_prints_plain_p():
    x, y = drawn(100, 1.0)
    found = sigmoide.logit("y ~ x", {"y": y, "x": x}, l2=1.0)
    text = str(found.summary())
    assert "std. err." not in text
    assert "A penalised fit has no plain standard errors" in text.replace("\n", " ")
    assert found.pvalues.isna().all()
    for ask in (lambda: found.t_test("x"), lambda: found.with_cov("HC0"), found.drop1):
        with pytest.raises(UsageError, match="penalised"):
            ask()


@pytest.mark.slow
def test_c5_intervals_cover_as_often_as_they_say():
    """4,000 samples of 500 rows: 95 % within 1, for Wald's, and those of HC1 and HC3."""
    rng = np.random.default_rng(50)
    truth = np.array([-0.3, 0.7, -0.5])
    hits = dict.fromkeys(("wald", "HC1", "HC3"), 0)
    for _ in range(4000):
        X = rng.normal(size=(500, 2))
        y = rng.random(500) < 1 / (1 + np.exp(-(truth[0] + X @ truth[1:])))
        blocks = array_blocks(X, y, None, None, ("a", "b"), threads=1)
        fit = fit_blocks(blocks, True, Settings(tol=1e-6))
        params = estimates(fit, True).params
        for kind in hits:
            found = (
                fisher(fit, True, False)
                if kind == "wald"
                else heteroskedastic(blocks, fit, True, kind)
            )
            far = np.abs(params - truth) / found.standard_errors
            hits[kind] += np.count_nonzero(far <= ndtri(0.975))
    for kind, count in hits.items():
        assert abs(count / 12_000 - 0.95) <= 0.01, kind


# C8: weights


def test_c8_frequencies_are_repeated_rows():
    x, y = drawn(120, 0.8, seed=8)
    f = 1 + np.arange(120) % 4
    once = sigmoide.logit("y ~ x", {"y": y, "x": x, "f": f}, frequency="f")
    long = sigmoide.logit("y ~ x", {"y": np.repeat(y, f), "x": np.repeat(x, f)})
    np.testing.assert_allclose(once.params, long.params, rtol=1e-9)
    for kind in ("nonrobust", "HC0", "HC1", "HC2", "HC3"):
        np.testing.assert_allclose(once.with_cov(kind).bse, long.with_cov(kind).bse, rtol=1e-8)
    assert once.llf == pytest.approx(long.llf, rel=1e-12)
    assert (once.nobs, once.aic) == (long.nobs, pytest.approx(long.aic, rel=1e-12))


def test_c8_the_scale_of_weights_leaves_the_fit_and_its_robust_errors():
    x, y = drawn(120, 0.8, seed=8)
    s = np.where(y == 1, 3.0, 0.5)
    one = sigmoide.logit("y ~ x", {"y": y, "x": x}, weights=s)
    ten = sigmoide.logit("y ~ x", {"y": y, "x": x}, weights=10 * s)
    np.testing.assert_allclose(one.params, ten.params, rtol=1e-9)
    for kind in ("HC0", "HC1", "HC2", "HC3"):
        np.testing.assert_allclose(one.with_cov(kind).bse, ten.with_cov(kind).bse, rtol=1e-8)


# C13: offsets


def test_c13_a_coefficient_fixed_by_an_offset_is_the_restricted_fit():
    """The profile of R's interval: at its end the restricted maximum is so much lower."""
    data = pd.read_csv(FOLDER / "birthwt.csv")
    target = formula_of("birthwt")[0]
    found, mle = fitted("birthwt"), reference("birthwt").ref["mle"]
    low = dict(zip(mle["names"], arr(mle["profile_ci95"])[:, 0], strict=True))["age"]
    free = target.replace("age + ", "")
    assert free != target
    held = sigmoide.logit(free, data.assign(o=low * data.age), offset="o")
    assert 2 * (mle["loglik"] - held.llf) == pytest.approx(ndtri(0.975) ** 2, rel=1e-8)
    # and a hypothesis of that value is not refused by much
    assert found.t_test(f"age = {float(low)!r}")["p"].iloc[0] == pytest.approx(0.05, abs=0.02)


def test_c13_a_penalty_factor_of_0_is_unpenalised():
    x, y = drawn(200, 0.8, seed=13)
    data = {"y": y, "x": x, "z": np.sin(np.arange(200.0)), "g": np.arange(200) % 3}
    formula = "y ~ x + z + C(g)"
    plain = sigmoide.logit(formula, data)
    for l2 in (1e-3, 1.0, 1e6):
        free = sigmoide.logit(formula, data, l2=l2, penalty_factors={"x": 0, "z": 0, "C(g)": 0})
        np.testing.assert_allclose(free.params, plain.params, rtol=1e-9)
        assert free.llf == pytest.approx(plain.llf, rel=1e-12)
    # where all others are held at 0, one that is free is the fit of it alone
    alone = sigmoide.logit("y ~ x", data)
    held = sigmoide.logit(formula, data, l2=1e14, penalty_factors={"x": 0})
    np.testing.assert_allclose(held.params[["Intercept", "x"]], alone.params, rtol=1e-9)


# C15: memory does not grow with the rows: see docs/inference.md, tests of beyond memory


def test_c15_beyond_memory_errors_are_those_in_memory(tmp_path, monkeypatch):
    from sigmoide.sources import options

    monkeypatch.setattr(options, "LEAST", 0)
    x, y = drawn(30_000, 0.5)
    frame = pd.DataFrame(
        {"y": y, "x": x, "z": np.sin(np.arange(30_000)), "id": np.arange(30_000) // 9}
    )
    frame.to_parquet(tmp_path / "f.parquet")
    inside = sigmoide.logit("y ~ x + z", frame)
    beyond = sigmoide.logit("y ~ x + z", tmp_path / "f.parquet", memory="2MB")
    for kind in KINDS:
        asked = asked_of(kind)
        assert inside.with_cov(**asked).bse.equals(beyond.with_cov(**asked).bse)
    assert inside.conf_int(method="profile").equals(beyond.conf_int(method="profile"))
    assert inside.drop1().equals(beyond.drop1())


# C16: Firth's method


@pytest.mark.parametrize("name", ["endometrial", "sex2", "m1"])
def test_c16_firth_s_method_is_brglm2_s(name):
    theirs = reference(name).ref["firth"]
    assert theirs["brglm2_converged"]
    data, arguments = data_of(name)
    found = sigmoide.logit(formula_of(name)[0], data, method="firth", **arguments)
    for ours, key in ((found.params, "brglm2_estimate"), (found.bse, "brglm2_se")):
        wanted = in_our_order(name, found, theirs["names"], arr(theirs[key]))
        np.testing.assert_allclose(ours, wanted, rtol=1e-8)


def test_c16_firth_s_method_is_what_logistf_prints():
    """Of sex2; where each number was published stands in the reference, and logistf's tolerance."""
    ref = reference("sex2")
    theirs = ref.ref["firth"]["logistf"]
    found = sigmoide.logit(formula_of("sex2")[0], data_of("sex2")[0], method="firth")
    records = pd.DataFrame(found.summary().records())
    for ours, key in (
        (found.params, "estimate"),
        (found.conf_int()[0], "profile_ci95"),
        (found.conf_int()[1], "profile_ci95"),
        (found.conf_int(0.1)[0], "profile_ci90"),
        (found.conf_int(0.1)[1], "profile_ci90"),
        (records["chi2"], "plr_chisq"),
        (found.pvalues, "plr_p"),
    ):
        side = ours.name if key.startswith("profile") else None
        printed = [text if side is None else text[side] for text in theirs[key]]
        wanted = in_our_order("sex2", found, theirs["names"], printed)
        np.testing.assert_allclose(ours, wanted, rtol=1e-6)
    assert found.llr == pytest.approx(float(theirs["global_plr_chisq"]), rel=1e-6)
    assert found.llr_pvalue == pytest.approx(float(theirs["global_plr_p"]), rel=1e-6)
    # Errors are as far from their limit as it stops: 1e-5. Wald's, as earlier versions print them:
    wald = found.conf_int(method="wald").loc["dia"]
    np.testing.assert_allclose(wald, [float(t) for t in theirs["wald_ci95_of_dia"]], rtol=1e-5)
    # the errors that newer ones print are of the rows and Firth's own pseudo-rows
    p = found.predict(data_of("sex2")[0]).to_numpy()
    w = p * (1.0 - p)
    leverages = w * np.einsum("ij,jk,ik->i", ref.Xl, found.cov_params().to_numpy(), ref.Xl)
    grown = np.linalg.inv((ref.Xl * (w * (1.0 + leverages))[:, None]).T @ ref.Xl)
    np.testing.assert_allclose(np.sqrt(np.diag(grown)), [float(t) for t in theirs["se"]], rtol=1e-5)


# C17: Wald intervals passed off as intervals


@pytest.mark.filterwarnings("ignore::sigmoide.errors.AliasedWarning")
@pytest.mark.parametrize("name", WITH_MLE)
def test_c17_profile_intervals_are_r_s(name):
    found, mle = fitted(name), reference(name).ref["mle"]
    theirs = [
        in_our_order(name, found, mle["names"], arr(mle["profile_ci95"])[:, k]) for k in (0, 1)
    ]
    np.testing.assert_allclose(found.conf_int(method="profile"), np.transpose(theirs), rtol=1e-8)


def test_c17_wider_coverage_is_a_wider_profile():
    found = fitted("plasma")
    ends = [found.conf_int(alpha, method="profile") for alpha in (0.5, 0.1, 0.05, 0.01, 1e-4)]
    for narrow, wide in pairwise(ends):
        assert (wide[0] < narrow[0]).all()
        assert (narrow[1] < wide[1]).all()
    assert all((e[0] < found.params).all() and (found.params < e[1]).all() for e in ends)


# C18: weights of a survey


def test_c18_weights_with_robust_errors_are_those_of_a_survey():
    """Stata's pweight, and survey::svyglm of independent rows: H^-1 M H^-1 n/(n-1)."""
    x, y = drawn(150, 0.7, seed=18)
    s = 1.0 + np.arange(150) % 7
    data = {"y": y, "x": x, "s": s, "row": np.arange(150)}
    found = sigmoide.logit("y ~ x", data, weights="s", cov="CR_G", cluster="row")
    X = np.column_stack([np.ones(150), x])
    p = found.predict(data).to_numpy()
    H = (X * (s * p * (1 - p))[:, None]).T @ X
    scores = X * (s * (y - p))[:, None]
    V = np.linalg.inv(H) @ scores.T @ scores @ np.linalg.inv(H) * 150 / 149
    np.testing.assert_allclose(found.cov_params(), V, rtol=1e-7)
    np.testing.assert_allclose(
        found.bse, found.with_cov("HC0").bse * math.sqrt(150 / 149), rtol=1e-10
    )


# What stands for the design of the answer: the column that says which rows were drawn together
BY = {"rows": "snum", "districts": "dnum", "schools": "dnum"}


def survey_of(name: str, by: str) -> tuple[sigmoide.Result, pd.DataFrame]:
    data = pd.read_csv(FOLDER / f"{name}.csv")
    formula = reference(name).j["formula"]
    return sigmoide.logit(formula, data, weights="pw", cov="CR_G", cluster=by), data


@pytest.mark.parametrize(
    ("name", "design"), [(n, d) for n in SURVEYS for d in BY if d in reference(n).ref["survey"]]
)
def test_c18_errors_are_those_of_survey_on_the_api_data(name, design):
    """R's survey::svyglm, and so Stata's pweight with vce(cluster): G/(G - 1), no strata.

    Of a sample in stages without a finite population the first stage alone counts.
    """
    theirs = reference(name).ref["survey"][design]
    found, _ = survey_of(name, BY[design])
    assert list(found.params.index[1:]) == theirs["names"][1:]
    assert np.max(np.abs(found.params - theirs["estimate"]) / theirs["se"]) <= 1e-8
    np.testing.assert_allclose(found.bse, theirs["se"], rtol=1e-8)
    size = np.outer(theirs["se"], theirs["se"])
    assert (np.abs(found.cov_params() - arr(theirs["vcov"])) <= 1e-8 * size).all(axis=None)
    # no scale of the weights changes them; survey's own is a mean of 1
    data = pd.read_csv(FOLDER / f"{name}.csv")
    scaled = data.assign(pw=data.pw / theirs["scale"])
    again = sigmoide.logit(
        reference(name).j["formula"], scaled, weights="pw", cov="CR_G", cluster=BY[design]
    )
    np.testing.assert_allclose(again.bse, found.bse, rtol=1e-10)


@pytest.mark.parametrize(("name", "by"), [("api_srs", "snum"), ("api_clus1", "dnum")])
def test_c18_a_finite_population_is_a_factor_of_the_errors(name, by):
    """A design of one stage and no strata: sqrt(1 - drawn/all), which is left to the user.

    Its errors, in survey's documentation and others, are ours times that.
    """
    theirs = reference(name).ref["survey"]["fpc"]
    found, data = survey_of(name, by)
    (population,) = data.fpc.unique()
    factor = math.sqrt(1.0 - data[by].nunique() / population)
    assert factor < 0.995
    np.testing.assert_allclose(found.bse * factor, theirs["se"], rtol=1e-8)


def test_c18_the_table_that_others_print_of_the_api_data():
    """To its last digit; GLM.jl documents it."""
    theirs = reference("api_srs").ref["survey"]["printed"]
    found, _ = survey_of("api_srs", "snum")
    for ours, key in ((found.params, "estimate"), (found.bse, "se")):
        for value, text in zip(ours, theirs[key], strict=True):
            wanted, half = printed(text)
            assert abs(value - wanted) <= half


# C19: the intercept


def test_c19_arrays_and_formulas_give_identical_fits():
    rng = np.random.default_rng(19)
    X = rng.normal(size=(90, 2))
    y = (rng.random(90) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)
    frame = sigmoide.logit("y ~ a + b", {"y": y, "a": X[:, 0], "b": X[:, 1]})
    array = sigmoide.logit("x2 ~ .", np.column_stack([X, y]))
    np.testing.assert_array_equal(frame.params, array.params)
    for kind in ("nonrobust", "HC1"):
        np.testing.assert_array_equal(frame.with_cov(kind).bse, array.with_cov(kind).bse)
    model = sigmoide.LogisticRegression(C=np.inf, tol=1e-9).fit(X, y)
    np.testing.assert_allclose(model.intercept_, frame.params[["Intercept"]], rtol=1e-9)
    np.testing.assert_allclose(model.coef_[0], frame.params[["a", "b"]], rtol=1e-9)
    assert "Intercept" not in sigmoide.logit("y ~ a - 1", {"y": y, "a": X[:, 0]}).params
    with pytest.warns(AliasedWarning, match="one"):
        sigmoide.logit("y ~ a + one", {"y": y, "a": X[:, 0], "one": np.ones(90)})


# C21: the same rows in another dress


@pytest.mark.parametrize(
    "dress",
    {
        "columns in another order": lambda f: f[f.columns[::-1]],
        "more columns": lambda f: f.assign(more=1.0),
        "a category of other order": lambda f: f.assign(
            g=pd.Categorical(f.g, categories=["w", "v", "u", "unused"])
        ),
        "float32 of the same numbers": lambda f: f.assign(x=f.x.astype(np.float32)),
        "rows in another order": lambda f: f.iloc[::-1],
    }.items(),
    ids=lambda item: item[0],
)
def test_c21_the_same_rows_are_known_in_another_dress(dress, tmp_path):
    rng = np.random.default_rng(21)
    x = rng.normal(size=100).astype(np.float32).astype(float)
    frame = pd.DataFrame({"x": x, "g": rng.choice(["u", "v", "w"], 100)})
    frame["y"] = rng.random(100) < 1 / (1 + np.exp(-x))
    found = sigmoide.logit("y ~ x + g", frame)
    other = found.with_data(dress[1](frame))
    np.testing.assert_allclose(other.with_cov("HC3").bse, found.with_cov("HC3").bse, rtol=1e-9)


@pytest.mark.parametrize(
    ("dress", "words"),
    [
        (lambda f: f.assign(g=f.g.replace("u", "new")), "'g' holds 'new'"),
        (lambda f: f.assign(x=f.x.astype(str)), "'x'"),
        (lambda f: f.drop(columns="x"), "no column 'x'"),
        (lambda f: f.assign(x=f.x.where(f.index > 0)), "not the rows of the fit"),
        (lambda f: f.assign(y=~f.y), "not the rows of the fit"),
        (lambda f: f.assign(y=f.y.astype(int)), "'y' holds '1'; the model knows 'False'"),
    ],
)
def test_c21_other_rows_are_refused_by_what_is_other(dress, words):
    rng = np.random.default_rng(21)
    frame = pd.DataFrame({"x": rng.normal(size=100), "g": rng.choice(["u", "v", "w"], 100)})
    frame["y"] = rng.random(100) < 1 / (1 + np.exp(-frame.x))
    with pytest.raises(sigmoide.errors.DataError, match=words):
        sigmoide.logit("y ~ x + g", frame).with_data(dress(frame))
