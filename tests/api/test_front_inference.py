"""Inference at the front: R's answers through a result, the laws between its parts, refusals."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest

import sigmoide
from references.refdata import arr
from sigmoide.api.terms import factors_of
from sigmoide.api.terms import formula_of as written
from sigmoide.errors import (
    ColumnError,
    FewClustersWarning,
    NotProvedError,
    RowsError,
    SigmoideWarning,
    UsageError,
)
from support import spector
from support.reference_sets import (
    FOLDER,
    WITH_MLE,
    data_of,
    fitted,
    formula_of,
    in_our_order,
    reference,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore::sigmoide.errors.AliasedWarning", "ignore::sigmoide.errors.SeparationWarning"
)

INFERT = str(FOLDER / "infert.csv")


# --- R's answers, asked of a result


@pytest.mark.parametrize("name", WITH_MLE)
@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
def test_robust_errors(name, kind):
    ref, base = reference(name), fitted(name)
    found = base.with_cov(kind)
    if ref.kind == "counts":
        # two rows a line, of frequencies: R's answers for single persons
        if f"expanded_{kind}" not in ref.ref["robust"]:
            return
        theirs = ref.ref["robust"][f"expanded_{kind}"]
    else:
        theirs = ref.ref["robust"][kind]
    se = in_our_order(name, found, ref.ref["mle"]["names"], arr(theirs))
    np.testing.assert_allclose(found.bse, se, rtol=1e-8)
    assert found.cov_type == kind
    # all that is inferred follows, and nothing else changes
    np.testing.assert_allclose(found.zvalues, base.params / se, rtol=1e-7)
    np.testing.assert_allclose(np.diag(found.cov_params()), se**2, rtol=1e-8)
    ends = np.column_stack([base.params - 1.959963984540054 * se, base.params + 1.96 * se])
    np.testing.assert_allclose(found.conf_int()[0], ends[:, 0], rtol=1e-6)
    np.testing.assert_allclose(found.odds_ratios()["low"], np.exp(ends[:, 0]), rtol=1e-6)
    assert found.params.equals(base.params)
    assert found.llf == base.llf
    assert base.cov_type == "nonrobust"


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
def test_robust_errors_of_counts_are_by_line(kind):
    """As R's sandwich takes ``glm(cbind(ncases, ncontrols) ~ ...)``; by trial if asked."""
    ref = reference("esoph")
    data = pd.read_csv(FOLDER / "esoph.csv")
    data["persons"] = data.ncases + data.ncontrols
    formula, ours = formula_of("esoph")
    found = sigmoide.logit(formula.replace("case_", "ncases / persons"), data)
    names = [ours[name] for name in ref.ref["mle"]["names"]]
    robust = found.with_cov(kind)
    np.testing.assert_allclose(robust.bse[names], arr(ref.ref["robust"][kind]), rtol=1e-8)
    if f"expanded_{kind}" in ref.ref["robust"]:
        trials = found.with_cov(kind, unit="trial")
        theirs = arr(ref.ref["robust"][f"expanded_{kind}"])
        np.testing.assert_allclose(trials.bse[names], theirs, rtol=1e-8)
    profile = found.conf_int(method="profile").loc[names]
    np.testing.assert_allclose(profile, arr(ref.ref["mle"]["profile_ci95"]), rtol=1e-8)
    lines = found.with_cov("CR0", cluster=np.arange(len(data)))
    np.testing.assert_allclose(lines.bse, found.with_cov("HC0").bse, rtol=1e-10)


@pytest.mark.parametrize("kind", ["CR0", "CR_G", "CR1"])
@pytest.mark.parametrize("way", ["name", "array", "list", "series", "texts", "at the fit"])
def test_errors_by_cluster(kind, way):
    theirs = reference("infert").ref["cluster_robust"]
    ids = pd.read_csv(INFERT)["stratum"]
    given = {
        "name": "stratum",
        "array": ids.to_numpy(),
        "list": ids.tolist(),
        "series": ids,
        "texts": [f"set {k}" for k in ids],
        "at the fit": "stratum",
    }[way]
    if way == "at the fit":
        found = sigmoide.logit(formula_of("infert")[0], INFERT, cov=kind, cluster=given)
    else:
        found = fitted("infert").with_cov(kind, cluster=given)
    se = in_our_order("infert", found, reference("infert").ref["mle"]["names"], arr(theirs[kind]))
    np.testing.assert_allclose(found.bse, se, rtol=1e-8)
    name = "clusters (given as an array)" if way in ("array", "list", "texts") else "stratum"
    assert found.cov_type == f"{kind}, clusters of {name} (83)"
    assert f"errors        {kind}, clusters of" in str(found.summary())


@pytest.mark.parametrize("name", WITH_MLE)
def test_profile_intervals(name):
    found, mle = fitted(name), reference(name).ref["mle"]
    theirs = [
        in_our_order(name, found, mle["names"], arr(mle["profile_ci95"])[:, side])
        for side in (0, 1)
    ]
    ends = found.conf_int(method="profile")
    np.testing.assert_allclose(ends, np.column_stack(theirs), rtol=1e-8)
    assert ends.index.tolist() == found.params.index.tolist()
    odds = found.odds_ratios(method="profile")[["low", "high"]].to_numpy()
    np.testing.assert_array_equal(odds, np.exp(ends.to_numpy()))
    # the likelihood does not know what errors are in force
    assert found.with_cov("HC1").conf_int(method="profile").equals(ends)
    assert "intervals     profile likelihood" in str(found.summary(method="profile"))


def without_aliased(name):
    """Return a set's fit without the columns that R left out of its answers."""
    (formula, ours), (data, arguments) = formula_of(name), data_of(name)
    gone = "".join(f" - {ours[column]}" for column in reference(name).j["aliased"])
    return sigmoide.logit(formula + gone, data, **arguments) if gone else fitted(name)


@pytest.mark.parametrize("name", WITH_MLE)
def test_drop1(name):
    found, theirs = without_aliased(name), reference(name).ref["drop1"]["terms"]
    table = found.drop1()
    ours = {label.split("(")[-1].split(",")[0]: label for label in table.index}
    assert set(ours) == {line["term"] for line in theirs}
    for line in theirs:
        got = table.loc[ours[line["term"]]]
        assert got["df"] == line["df"]
        assert got["lrt"] == pytest.approx(line["lrt"], rel=1e-8, abs=1e-11 * got["deviance"])
        assert got["p"] == pytest.approx(line["p"], rel=1e-8)
        assert got["log10_p"] == pytest.approx(math.log10(line["p"]), rel=1e-8)
        assert got["deviance"] - found.deviance == pytest.approx(got["lrt"], rel=1e-8, abs=1e-9)
        assert got["aic"] == pytest.approx(found.aic + got["lrt"] - 2 * line["df"], rel=1e-10)


def test_a_term_that_another_can_replace_has_no_test():
    """age = 6 + education + experience: without one of them the others say the same."""
    table = fitted("cps1985_union").drop1()
    for term in ("age", "education", "experience"):
        assert table.loc[term, "df"] == 0
        assert math.isnan(table.loc[term, "p"])
        assert table.loc[term, "lrt"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("name", WITH_MLE)
def test_the_model_against_the_null(name):
    data, arguments = data_of(name)
    found, theirs = fitted(name), reference(name).ref["lr_test_full_vs_null"]
    target = formula_of(name)[0].partition(" ~ ")[0]
    rows = pd.read_csv(data) if isinstance(data, str) else data
    null = sigmoide.logit(f"{target} ~ 1", rows.dropna(), **arguments)
    table = sigmoide.anova(null, found)
    assert table.index.tolist() == [1, 2]
    assert table.loc[1, "formula"] == f"{target} ~ 1"
    assert math.isnan(table.loc[1, "p"])
    assert table.loc[2, "df"] == theirs["df"]
    assert table.loc[2, "lrt"] == pytest.approx(theirs["chisq"], rel=1e-8)
    assert table.loc[2, "log10_p"] == pytest.approx(theirs["log10_p"], rel=1e-10)
    assert table.loc[2, "coefficients"] == len(found.params)


def test_the_limit_of_separated_data():
    found = fitted("endometrial")
    limit = reference("endometrial").ref["separation"]["limit"]
    finite = ["Intercept" if n == "(Intercept)" else n for n in limit["finite_names"]]
    se = arr(limit["finite_se"])
    assert np.max(np.abs(found.params[finite] - arr(limit["finite_estimates"])) / se) <= 1e-8
    np.testing.assert_allclose(found.bse[finite], se, rtol=1e-8)
    assert found.llf == pytest.approx(limit["sup_loglik"], rel=1e-8)
    # what stays finite is that of the overlapping rows, for every kind of errors and test
    data = pd.read_csv(FOLDER / "endometrial.csv")
    rest = sigmoide.logit("HG ~ PI + EH", data.drop(index=found.separation.rows))
    for kind in ("HC0", "CR0"):
        cluster = {"cluster": "EH"} if kind == "CR0" else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SigmoideWarning)
            robust = found.with_cov(kind, **cluster)
            theirs = rest.with_cov(kind, **cluster)
        np.testing.assert_allclose(robust.bse[finite], theirs.bse[finite], rtol=1e-8)
        for withheld in (robust.bse, robust.zvalues, robust.pvalues):
            assert math.isnan(withheld["NV"])
        assert "NV" in " ".join(robust.summary().notes)
    ends, theirs = found.conf_int(method="profile"), rest.conf_int(method="profile")
    np.testing.assert_allclose(ends.loc[finite], theirs.loc[finite], rtol=1e-8)
    assert ends.loc["NV", 1] == math.inf
    assert math.isfinite(ends.loc["NV", 0])
    assert found.odds_ratios(method="profile").loc["NV", "high"] == math.inf
    # the likelihood's supremum stands for its maximum
    lrt = found.drop1().loc["NV", "lrt"]
    without = sigmoide.logit("HG ~ PI + EH", data)
    assert lrt == pytest.approx(2 * (found.llf - without.llf), rel=1e-10)
    assert sigmoide.anova(without, found).loc[2, "lrt"] == pytest.approx(lrt, rel=1e-12)
    assert math.isnan(found.t_test("NV = 0")["p"].iloc[0])
    assert found.t_test("PI = 0")["p"].iloc[0] == pytest.approx(found.pvalues["PI"], rel=1e-12)
    with pytest.raises(NotProvedError, match="Firth"):
        found.with_cov("bootstrap")
    with pytest.raises(NotProvedError, match="method='firth'"):
        sigmoide.logit("HG ~ NV + PI", data).score_test("EH")


def test_complete_separation_has_one_sided_intervals_and_no_errors():
    found = sigmoide.logit("y ~ x", {"y": [0, 0, 0, 1, 1, 1], "x": [1.0, 2, 3, 4, 5, 6]})
    robust = found.with_cov("HC0")
    assert robust.bse.isna().all()
    assert "withheld" in str(robust.summary())
    ends = found.conf_int(method="profile")
    assert ends.loc["x", 1] == math.inf
    assert ends.loc["Intercept", 0] == -math.inf
    assert np.isfinite([ends.loc["x", 0], ends.loc["Intercept", 1]]).all()
    shown = str(found.summary(method="profile"))
    assert "+inf" in shown.splitlines()[[x[:1] for x in shown.splitlines()].index("x")]
    assert "Firth's method (method='firth', --firth)" in " ".join(found.summary().notes)


def test_what_stata_printed_of_spector_s_data():
    X, y = spector.ROWS[:, :3].astype(np.float32).astype(float), spector.ROWS[:, 3]
    data = {**dict(zip(spector.NAMES, X.T, strict=True)), "y": y}
    found = sigmoide.logit("y ~ GPA + TUCE + PSI", data)
    order = [*spector.NAMES, "Intercept"]
    for series, theirs in (
        (found.params, spector.PARAMS),
        (found.bse, spector.ERRORS),
        (found.zvalues, spector.Z),
        (found.pvalues, spector.P),
    ):
        for value, text in zip(series[order], theirs, strict=True):
            number, half = spector.printed(text)
            assert abs(value - number) <= max(half, 1e-11 * abs(number)), text
    for term, ends in zip(order, spector.INTERVALS, strict=True):
        for value, text in zip(found.conf_int().loc[term], ends, strict=True):
            number, half = spector.printed(text)
            assert abs(value - number) <= max(half, 1e-11 * abs(number)), text


# --- the parts agree with each other


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(5)
    n = 400
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.normal(size=n),
            "g": rng.choice(["u", "v", "w"], n),
            "z": rng.normal(size=n),
            "h": rng.choice(["one", "two", "three"], n),
            "firm": rng.integers(0, 40, n),
            "year": rng.integers(2000, 2012, n),
            "f": rng.integers(1, 4, n),
        }
    )
    eta = 0.6 * frame.a - 0.3 * frame.b + (frame.g == "v") + 0.2 * frame.z
    frame["y"] = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int)
    return frame


@pytest.fixture(scope="module")
def model(people):
    return sigmoide.logit("y ~ a + b + g", people)


KINDS = [
    ("nonrobust", {}),
    ("HC3", {}),
    ("CR1", {"cluster": "firm"}),
    ("CR0", {"cluster": ["firm", "year"]}),
    ("bootstrap", {"replicates": 40, "seed": 3}),
    ("bootstrap", {"replicates": 40, "cluster": "firm"}),
]


@pytest.mark.parametrize(("kind", "asked"), KINDS)
def test_every_table_follows_the_errors(model, people, kind, asked):
    found = model.with_cov(kind, **asked)
    V = found.cov_params().to_numpy()
    np.testing.assert_allclose(found.bse, np.sqrt(np.diag(V)), rtol=1e-12)
    test = found.t_test(["a = 0", "a - b = 0.5", "2*`g[T.v]` = g[T.w]"])
    rows = np.array([[0, 1, 0, 0, 0], [0, 1, -1, 0, 0], [0, 0, 0, 2, -1]])
    np.testing.assert_allclose(test.std_err, np.sqrt(np.diag(rows @ V @ rows.T)), rtol=1e-10)
    np.testing.assert_allclose(
        test.estimate, rows @ found.params.to_numpy() - [0, 0.5, 0], rtol=1e-12
    )
    assert test.p.iloc[0] == pytest.approx(found.pvalues["a"], rel=1e-10)
    assert test[["low", "high"]].iloc[0].tolist() == pytest.approx(
        found.conf_int().loc["a"].tolist(), rel=1e-10
    )
    np.testing.assert_allclose(found.t_test(rows[:1].astype(float)).p, test.p.iloc[0])
    terms = found.wald_test_terms()
    assert terms.index.tolist() == ["a", "b", "g"]
    assert terms.df.tolist() == [1, 1, 2]
    assert terms.statistic["a"] == pytest.approx(found.zvalues["a"] ** 2, rel=1e-9)
    joint = found.wald_test("g[T.v] = 0, g[T.w] = 0")
    assert joint.statistic == pytest.approx(terms.statistic["g"], rel=1e-12)
    assert (joint.df, joint.p) == (2, terms.p["g"])
    # the standard errors of predictions
    X = np.column_stack([np.ones(400), people.a, people.b, people.g == "v", people.g == "w"])
    wanted = np.sqrt(np.einsum("ij,jk,ik->i", X.astype(float), V, X.astype(float)))
    np.testing.assert_allclose(found.predicted(people).standard_error, wanted, rtol=1e-8)
    # the plot draws these intervals, the comparison these errors
    compared = sigmoide.compare(model, found).to_frame()
    np.testing.assert_array_equal(compared[("(2)", "std_err")], found.bse)
    assert found.with_cov("nonrobust").bse.equals(model.bse)


def test_by_two_columns_a_covariance_need_not_be_positive():
    """Negative variances give no error anywhere, not even of a prediction."""
    rng = np.random.default_rng(0)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=30), rng.integers(0, 2, 30)
        data = {"y": y, "x": x, "i": np.arange(30) % 3, "j": np.arange(30) // 10}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SigmoideWarning)
            found = sigmoide.logit("y ~ x", data).with_cov("CR0", cluster=["i", "j"])
        if (np.diag(found.cov_params()) < 0).any():
            break
    else:
        raise AssertionError("no such case was drawn")
    negative = np.diag(found.cov_params()) < 0
    assert (found.bse.isna() == negative).all()
    assert "not positive semidefinite" in str(found.summary()).replace("\n", " ")
    V = found.cov_params().to_numpy()
    X = np.column_stack([np.ones(30), x])
    variance = np.einsum("ij,jk,ik->i", X, V, X)
    se = found.predicted(data).standard_error
    assert (np.isnan(se) == (variance < -1e-9)).all()


def test_score_tests_are_those_of_a_model_with_the_term(model, people):
    table = model.score_test("z", "C(h)")
    assert table.index.tolist() == ["z", "C(h)"]
    assert table.df.tolist() == [1, 2]
    # asymptotically the likelihood ratio
    for term in table.index:
        larger = sigmoide.logit(f"y ~ a + b + g + {term}", people)
        lrt = sigmoide.anova(model, larger).loc[2, "lrt"]
        assert table.statistic[term] == pytest.approx(lrt, rel=0.1)
    assert table.p["z"] < 0.1
    # by hand: one step of Newton from the smaller model
    X = np.column_stack(
        [np.ones(400), people.a, people.b, people.g == "v", people.g == "w", people.z]
    ).astype(float)
    p = model.predict(people).to_numpy()
    U, H = X.T @ (people.y - p), (X * (p * (1 - p))[:, None]).T @ X
    assert table.statistic["z"] == pytest.approx(U @ np.linalg.solve(H, U), rel=1e-6)


def test_score_tests_of_interactions_and_functions(people):
    model = sigmoide.logit("y ~ a*g + b", people)
    table = model.score_test("b:g", "poly(z, 2)", "a:z")
    assert table.df.to_dict() == {"b:g": 2, "poly(z, 2)": 2, "a:z": 1}
    plain = sigmoide.logit("y ~ a + b + g", people)
    assert plain.score_test("a:g").loc["a:g", "df"] == 2
    for small, term in ((model, "b:g"), (model, "poly(z, 2)"), (plain, "a:g")):
        larger = sigmoide.logit(f"{written(small.model)} + {term}", people)
        lrt = sigmoide.anova(small, larger).loc[2, "lrt"]
        statistic = small.score_test(term).loc[term, "statistic"]
        assert statistic == pytest.approx(lrt, rel=0.15, abs=0.02)


def test_terms_that_an_interaction_contains_stay(people):
    model = sigmoide.logit("y ~ a*g + b", people)
    assert model.drop1().index.tolist() == ["b", "a:g"]
    assert model.drop1().loc["a:g", "df"] == 2
    assert model.wald_test_terms().index.tolist() == ["a", "g", "b", "a:g"]


def test_score_tests_refuse_what_they_cannot_be_of(model, people):
    with pytest.raises(UsageError, match="'a' is in the model already"):
        model.score_test("a")
    with pytest.raises(UsageError, match="no term was given"):
        model.score_test()
    with pytest.raises(ColumnError, match="did you mean"):
        model.score_test("zz")
    gaps = people.assign(z=people.z.where(people.index > 3))
    with pytest.raises(RowsError, match="of the 400 rows of the fit, 396 have a value"):
        sigmoide.logit("y ~ a", gaps).score_test("z")


def test_nested_models_on_other_rows_are_refused(people):
    gaps = people.assign(z=people.z.where(people.index > 3))
    small, large = sigmoide.logit("y ~ a", gaps), sigmoide.logit("y ~ a + z", gaps)
    with pytest.raises(UsageError, match="fitted on different rows \\(400 and 396\\)"):
        sigmoide.anova(small, large)
    with pytest.raises(UsageError, match="not nested"):
        sigmoide.anova(sigmoide.logit("y ~ b", people), sigmoide.logit("y ~ a + g", people))
    with pytest.raises(UsageError, match="at least two"):
        sigmoide.anova(small)
    turned = sigmoide.logit("y ~ a + b", people, event="0")
    with pytest.raises(UsageError, match="y = 1 and y = 0"):
        sigmoide.anova(sigmoide.logit("y ~ a", people), turned)


def test_frequencies_are_repeated_rows(people):
    again = people.loc[np.repeat(people.index, people.f)].reset_index(drop=True)
    once = sigmoide.logit("y ~ a + g", people, frequency="f")
    long = sigmoide.logit("y ~ a + g", again)
    for kind, asked in KINDS[:4]:
        np.testing.assert_allclose(
            once.with_cov(kind, **asked).bse, long.with_cov(kind, **asked).bse, rtol=1e-8
        )
    np.testing.assert_allclose(
        once.conf_int(method="profile"), long.conf_int(method="profile"), rtol=1e-8
    )
    np.testing.assert_allclose(once.drop1().lrt, long.drop1().lrt, rtol=1e-8)
    assert once.aic == pytest.approx(long.aic, rel=1e-12)


def test_weights_that_are_no_counts_are_said_to_need_other_errors(people):
    found = sigmoide.logit("y ~ a", people, weights="f")
    assert "Fisher errors take the weights for repeat counts" in " ".join(found.summary().notes)
    robust = found.with_cov("HC1")
    assert "Fisher errors" not in " ".join(robust.summary().notes)
    ten = sigmoide.logit("y ~ a", people.assign(f=people.f * 10), weights="f").with_cov("HC1")
    np.testing.assert_allclose(ten.bse, robust.bse, rtol=1e-8)


def test_the_bootstrap_s_own_intervals(model):
    found = model.with_cov("bootstrap", replicates=99, seed=1)
    assert found.bootstrap is not None
    assert found.bootstrap.statuses == {"proved": 99}
    ends = found.conf_int(method="percentile")
    quantiles = np.quantile(found.bootstrap.replicates, [0.025, 0.975], axis=0)
    assert (np.abs(ends.to_numpy().T - quantiles) < 0.5 * found.bse.to_numpy()).all()
    turned = found.conf_int(method="basic")
    np.testing.assert_allclose(turned[0], 2 * found.params - ends[1], rtol=1e-12)
    assert model.with_cov("bootstrap", replicates=99, seed=1).bse.equals(found.bse)
    assert not model.with_cov("bootstrap", replicates=99, seed=2).bse.equals(found.bse)
    with pytest.raises(UsageError, match="samples of a bootstrap"):
        model.conf_int(method="percentile")


# --- what is refused, and what is warned of


def test_errors_that_cannot_be_meant(model):
    for asked, words in (
        ({"cov": "HC9"}, "'HC9' was given; it is one of nonrobust, HC0"),
        ({"cov": "CR1"}, "without clusters"),
        ({"cov": "HC1", "cluster": "firm"}, "with clusters, of which it knows nothing"),
        ({"cov": "CR1", "cluster": ["firm", "year", "g"]}, "one column, or two"),
        ({"cov": "bootstrap", "cluster": ["firm", "year"]}, "one column can make them"),
        ({"cov": "bootstrap", "replicates": 1}, "replicates=1"),
        ({"cov": "CR1", "cluster": np.arange(399)}, "399 labels were given; the data have 400"),
        ({"cov": "CR1", "cluster": 7}, "was given as clusters"),
        ({"cov": "HC1", "unit": "person"}, "unit 'person'"),
    ):
        with pytest.raises(UsageError, match=words):
            model.with_cov(**asked)
    with pytest.raises(UsageError, match="method='score'"):
        model.conf_int(method="score")
    assert model.with_cov("hc1").cov_type == "HC1"
    assert model.with_cov(cluster="firm").cov_type == "CR1, clusters of firm (40)"


def test_columns_of_clusters_that_cannot_be_used(people, model):
    with pytest.raises(ColumnError, match="no column 'frim'; did you mean 'firm'"):
        model.with_cov("CR1", cluster="frim")
    one = sigmoide.logit("y ~ a", people.assign(all="same"))
    with pytest.raises(ColumnError, match=r"'all' .* holds one value only"):
        one.with_cov("CR1", cluster="all")
    gaps = people.assign(firm=people.firm.where(people.index != 17))
    with pytest.raises(ColumnError, match=r"'firm' .* misses a value in row 17"):
        sigmoide.logit("y ~ a", gaps).with_cov("CR1", cluster="firm")
    # a row that the fit left out needs no cluster
    without = gaps.assign(a=gaps.a.where(gaps.index != 17))
    found = sigmoide.logit("y ~ a", without)
    assert found.with_cov("CR1", cluster="firm").bse.notna().all()


def test_few_clusters_are_warned_of(people):
    with pytest.warns(FewClustersWarning, match="'g' makes 3") as said:
        sigmoide.logit("y ~ a + b + z", people, cluster="g")
    assert said[0].filename == __file__
    with pytest.warns(FewClustersWarning, match="'g' makes 3") as said:
        found = sigmoide.logit("y ~ a + b + z", people).with_cov("CR1", cluster="g")
    assert said[0].filename == __file__
    assert math.isnan(found.wald_test("a = b = z = 0, Intercept").p)


def test_a_cluster_column_is_no_feature_of_all_others(people):
    found = sigmoide.logit("y ~ .", people[["y", "a", "firm"]], cluster="firm")
    assert found.params.index.tolist() == ["Intercept", "a"]


def test_a_penalised_fit_infers_nothing(people):
    found = sigmoide.logit("y ~ a + g", people, l2=1.0)
    for ask in (
        lambda: found.with_cov("HC1"),
        lambda: found.with_cov("CR1", cluster="firm"),
        lambda: found.with_cov("bootstrap"),
        lambda: found.conf_int(method="profile"),
        lambda: found.drop1(),
        lambda: found.score_test("z"),
        lambda: found.t_test("a = 0"),
        lambda: found.wald_test("a = 0"),
        lambda: found.wald_test_terms(),
        lambda: sigmoide.anova(found, found),
    ):
        with pytest.raises(UsageError, match="penalised"):
            ask()
    with pytest.raises(UsageError, match="cov='HC1' was asked of a penalised fit"):
        sigmoide.logit("y ~ a + g", people, l2=1.0, cov="HC1")
    assert found.with_cov("nonrobust").bse.isna().all()
    assert "errors " not in str(found.summary())


@pytest.mark.parametrize(
    ("label", "factors"),
    [
        ("a", ["a"]),
        ("a:b:c", ["a", "b", "c"]),
        ("C(g, ref='a:b'):x", ["C(g, ref='a:b')", "x"]),
        ("`odd:name`:bs(x, df=4)", ["`odd:name`", "bs(x, df=4)"]),
        ("I(a[1:2])", ["I(a[1:2])"]),
    ],
)
def test_the_factors_of_a_term(label, factors):
    assert factors_of(label) == factors
