"""Likelihood-ratio and score tests: R's drop1, Stata's numbers, the definitions, the laws."""

from __future__ import annotations

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.blocks.blocks import array_blocks
from sigmoide.blocks.views import some_columns
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.hypothesis import likelihoods, wald, z_test
from sigmoide.inference.likelihood_ratio import Compared, anova, drop1, ratio_test
from sigmoide.inference.score_test import score_tests
from sigmoide.inference.tails import log10_chi_square, log10_normal
from sigmoide.results.covariance import estimates
from sigmoide.results.records import Settings
from support import spector
from support.problems import ordinary, problem
from support.reference_blocks import blocks_of, fit_of, terms_of
from support.reference_sets import WITH_MLE, reference


def compared(name, columns=None, label="model"):
    """Return a set's model of some columns, as a comparison sees it."""
    blocks = blocks_of(name)
    columns = range(len(blocks.names)) if columns is None else columns
    part = some_columns(blocks, list(columns))
    return Compared(label, fit_blocks(part, True, Settings()), part.names, True)


# --- against R


@pytest.mark.parametrize("name", WITH_MLE)
def test_drop1(name):
    terms, theirs = terms_of(name), reference(name).ref["drop1"]["terms"]
    blocks, fit = blocks_of(name), fit_of(name)
    found = {line.label: line for line in drop1(blocks, fit, True, terms)}
    assert set(found) == {line["term"] for line in theirs}
    ours = reference(name).ref["mle"]
    for line in theirs:
        got = found[line["term"]]
        assert got.df == line["df"]
        # R's deviances of counts are of the binomial likelihood: they differ by a constant
        constant = -2.0 * ours["loglik_bernoulli"] - ours["deviance"]
        assert got.deviance == pytest.approx(line["deviance_without"] + constant, rel=1e-10)
        # a difference of deviances: relative to them it is good to 1e-12
        assert got.statistic == pytest.approx(line["lrt"], rel=1e-8, abs=1e-11 * got.deviance)
        assert got.p == pytest.approx(line["p"], rel=1e-8)
        assert got.log10_p == pytest.approx(math.log10(line["p"]), rel=1e-8)
        assert got.status == "proved"
        assert got.rank == len(fit.coefficients.columns) + 1 - line["df"]


@pytest.mark.parametrize("name", WITH_MLE)
def test_the_model_against_the_null(name):
    theirs = reference(name).ref["lr_test_full_vs_null"]
    found = ratio_test(compared(name, []), compared(name))
    assert found.df == theirs["df"]
    assert found.statistic == pytest.approx(theirs["chisq"], rel=1e-8)
    assert found.p == pytest.approx(theirs["p"], rel=1e-8)
    assert found.log10_p == pytest.approx(theirs["log10_p"], rel=1e-10)


def test_what_stata_printed_of_spector_s_data():
    blocks = spector.spector()
    fit = fit_blocks(blocks, True, Settings())
    order = [1, 2, 3, 0]
    got = estimates(fit, True)
    params, errors = got.params[order], got.standard_errors[order]
    z, p = z_test(params, errors)
    pairs = [
        *zip(params, spector.PARAMS, strict=True),
        *zip(errors, spector.ERRORS, strict=True),
        *zip(z, spector.Z, strict=True),
        *zip(p, spector.P, strict=True),
        *zip(
            got.covariance[np.ix_(order, order)].ravel(),
            np.ravel(spector.COVARIANCE),
            strict=True,
        ),
        *zip(wald(params, errors, 0.05).ravel(), np.ravel(spector.INTERVALS), strict=True),
    ]
    overall = likelihoods(fit, True, False, False)
    against_null = ratio_test(
        Compared("null", fit_blocks(some_columns(blocks, []), True, Settings()), (), True),
        Compared("model", fit, blocks.names, True),
    )
    printed = spector.OVERALL
    pairs += [
        (fit.totals.loglik, printed["loglik"]),
        (fit.totals.null_loglik, printed["null_loglik"]),
        (against_null.statistic, printed["ratio"]),
        (against_null.p, printed["ratio_p"]),
        (overall.mcfadden, printed["mcfadden"]),
        (overall.aic, printed["aic"]),
        (overall.bic, printed["bic"]),
    ]
    for ours, text in pairs:
        value, half = spector.printed(str(text))
        # of twelve digits Stata's iterations leave the last one or two to rounding
        assert abs(ours - value) <= max(half, 1e-11 * abs(value)), text


# --- tails


@pytest.mark.parametrize("df", [1, 2, 3, 7, 50])
def test_small_tails_have_their_logarithm(df):
    with mpmath.workdps(60):
        for x in (0.0, 1e-8, 0.5, 3.84, 40.0, 600.0, 1290.0, 1300.0, 5000.0, 1e6, 1e9):
            p = mpmath.gammainc(mpmath.mpf(df) / 2, mpmath.mpf(x) / 2, regularized=True)
            truth = float(mpmath.log10(p))
            assert log10_chi_square(x, df) == pytest.approx(truth, rel=1e-13, abs=1e-15)


def test_tails_at_the_ends_of_the_line():
    assert log10_chi_square(math.inf, 1) == -math.inf
    assert math.isnan(log10_chi_square(math.nan, 1))
    assert math.isnan(log10_chi_square(1.0, 0))
    with mpmath.workdps(60):
        for z in (0.0, 1.0, -3.0, 30.0, 1000.0):
            truth = float(mpmath.log10(mpmath.erfc(abs(mpmath.mpf(z)) / mpmath.sqrt(2))))
            assert log10_normal(z) == pytest.approx(truth, rel=1e-13, abs=1e-15)


# --- tables


def test_anova_tests_each_model_against_the_one_before():
    models = [
        compared("birthwt", columns, label)
        for label, columns in (("null", []), ("age", [0]), ("age and race", [0, 2, 3]))
    ]
    start, first, second = anova(models)
    assert (start.label, start.df, start.rank) == ("null", 0, 1)
    assert math.isnan(start.statistic)
    assert math.isnan(start.p)
    assert [first.df, second.df] == [1, 2]
    assert [first.rank, second.rank] == [2, 4]
    assert first.statistic == pytest.approx(start.deviance - first.deviance, rel=1e-12)
    whole = ratio_test(models[0], models[2])
    assert first.statistic + second.statistic == pytest.approx(whole.statistic, rel=1e-10)


def test_a_model_of_no_column_needs_no_fit():
    blocks = blocks_of("plasma")
    fit = fit_of("plasma")
    reads = blocks.reads
    (line,) = drop1(blocks, fit, True, {"everything": [0, 1]})
    assert blocks.reads == reads
    assert line.df == 2
    assert line.deviance == pytest.approx(-2.0 * fit.totals.null_loglik)
    assert line.rank == 1


def test_drop1_without_an_intercept():
    p = ordinary(np.random.default_rng(0), 60, 2)
    fit = fit_blocks(p.blocks(), False, Settings())
    one, both = drop1(p.blocks(), fit, False, {"x0": [0], "both": [0, 1]})
    rest = fit_blocks(some_columns(p.blocks(), [1]), False, Settings())
    assert one.deviance == pytest.approx(-2.0 * rest.totals.loglik, rel=1e-10)
    assert both.deviance == pytest.approx(2.0 * 60 * math.log(2.0), rel=1e-12)


def test_a_term_that_others_stand_in_for_has_nothing_to_test():
    p = ordinary(np.random.default_rng(0), 60, 2)
    q = replace(p, X=np.column_stack([p.X, p.X[:, 0] + p.X[:, 1]]), alpha=np.zeros(3))
    fit = fit_blocks(q.blocks(), True, Settings())
    assert len(fit.aliased) == 1
    lines = drop1(q.blocks(), fit, True, {"x0": [0], "x2": [2]})
    for line in lines:
        assert line.df == 0
        assert line.statistic == pytest.approx(0.0, abs=1e-10)
        assert math.isnan(line.p)


def test_drop1_under_separation_measures_from_the_suprema():
    blocks, fit = blocks_of("endometrial"), fit_of("endometrial")
    found = {line.label: line for line in drop1(blocks, fit, True, terms_of("endometrial"))}
    assert found["NV"].status == "proved"
    assert found["PI"].status == "separated"
    sup = reference("endometrial").ref["separation"]["limit"]["sup_loglik"]
    without = fit_blocks(some_columns(blocks, [1, 2]), True, Settings())
    drop = 2.0 * (sup - without.totals.loglik)
    assert found["NV"].statistic == pytest.approx(drop, rel=1e-9)


@pytest.mark.parametrize("name", ["birthwt", "esoph"])
def test_the_size_of_the_blocks_changes_nothing(name):
    terms = terms_of(name)
    whole = drop1(blocks_of(name), fit_of(name), True, terms)
    for rows in (1, 7):
        part = drop1(blocks_of(name, rows), fit_of(name, rows), True, terms)
        np.testing.assert_allclose(
            [line.statistic for line in part], [line.statistic for line in whole], rtol=1e-10
        )


# --- score tests


def by_definition(X1, X2, y, s, offset, theta):
    """U' V^-1 U, every matrix written out."""
    eta = offset + X1 @ theta
    p = 1.0 / (1.0 + np.exp(-eta))
    w = s * p * (1.0 - p)
    U = X2.T @ (s * (y - p))
    V = (X2 * w[:, None]).T @ X2 - (X2 * w[:, None]).T @ X1 @ np.linalg.solve(
        (X1 * w[:, None]).T @ X1, (X1 * w[:, None]).T @ X2
    )
    return float(U @ np.linalg.solve(V, U))


@pytest.mark.parametrize("seed", range(5))
def test_the_score_test_is_its_definition(seed):
    rng = np.random.default_rng(seed)
    p = ordinary(rng, 70, 5)
    p = replace(p, weight=rng.uniform(0.5, 2.0, 70), offset=rng.normal(size=70))
    fit = fit_blocks(some_columns(p.blocks(), [3, 1]), True, Settings())
    terms = {"x0": [0], "both": [2, 4], "all": [0, 2, 4]}
    found = score_tests(p.blocks(), fit, ("x3", "x1"), True, terms)
    X1 = np.column_stack([np.ones(70), p.X[:, [3, 1]]])
    theta = estimates(fit, True).params
    for line, columns in zip(found, terms.values(), strict=True):
        truth = by_definition(X1, p.X[:, columns], p.y, p.weight, p.offset, theta)
        assert line.statistic == pytest.approx(truth, rel=1e-8)
        assert line.df == len(columns)
        assert 10.0**line.log10_p == pytest.approx(line.p, rel=1e-10)


def test_every_new_column_is_a_term_by_default_and_all_take_one_read():
    blocks = blocks_of("birthwt")
    fit = fit_blocks(some_columns(blocks, [0, 1]), True, Settings())
    before = blocks.reads
    found = score_tests(blocks, fit, ("age", "lwt"), True)
    assert [line.label for line in found] == list(blocks.names[2:])
    assert blocks.reads - before == 2  # the moments of the columns, and the score


def test_of_a_two_by_two_table_the_score_test_is_pearson_s():
    """Rao's test of a binary column is Pearson's chi-square of the table."""
    table = np.array([[17.0, 9.0], [6.0, 22.0]])  # rows: x = 0, 1; columns: y = 0, 1
    x, y = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    blocks = problem(x[:, None], y, table.ravel()).blocks()
    fit = fit_blocks(some_columns(blocks, []), True, Settings())
    (found,) = score_tests(blocks, fit, (), True)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    assert found.statistic == pytest.approx(((table - expected) ** 2 / expected).sum(), rel=1e-10)


def test_columns_that_add_nothing():
    p = ordinary(np.random.default_rng(1), 50, 2)
    X = np.column_stack(
        [p.X, 2.0 * p.X[:, 0] - 1.0, p.X[:, 1] + 1e-3 * p.X[:, 0] ** 2, np.ones(50)]
    )
    q = replace(p, X=X, alpha=np.zeros(5))
    fit = fit_blocks(some_columns(q.blocks(), [0, 1]), True, Settings())
    terms = {"copy": [2], "one": [4], "near": [3], "mixed": [2, 3, 4]}
    copy, one, near, mixed = score_tests(q.blocks(), fit, ("x0", "x1"), True, terms)
    for line in (copy, one):
        assert (line.df, line.statistic) == (0, 0.0)
        assert math.isnan(line.p)
    assert near.df == mixed.df == 1
    assert mixed.statistic == pytest.approx(near.statistic, rel=1e-8)


@pytest.mark.parametrize("rows", [1, 7])
def test_score_tests_over_blocks(rows):
    found = [
        score_tests(
            blocks, fit_blocks(some_columns(blocks, [0, 1]), True, Settings()), ("age", "lwt"), True
        )
        for blocks in (blocks_of("birthwt"), blocks_of("birthwt", rows))
    ]
    np.testing.assert_allclose(
        [line.statistic for line in found[1]], [line.statistic for line in found[0]], rtol=1e-10
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_with_many_rows_the_three_tests_agree(seed):
    """Likelihood ratio, score and Wald differ by o(1) for effects of the size of their error."""
    rng = np.random.default_rng(seed)
    n = 40_000
    X = rng.normal(size=(n, 2))
    y = rng.random(n) < 1.0 / (1.0 + np.exp(-(0.3 * X[:, 0] + 0.02 * X[:, 1])))
    p = problem(X, y)
    blocks = p.blocks()
    fit = fit_blocks(blocks, True, Settings())
    smaller = fit_blocks(some_columns(blocks, [0]), True, Settings())
    (ratio,) = drop1(blocks, fit, True, {"x1": [1]})
    (score,) = score_tests(blocks, smaller, ("x0",), True)
    got = estimates(fit, True)
    z = got.params[2] / got.standard_errors[2]
    assert ratio.statistic == pytest.approx(z**2, rel=0.01, abs=1e-3)
    assert score.statistic == pytest.approx(z**2, rel=0.01, abs=1e-3)


# --- what is refused


def test_models_on_different_rows_are_refused():
    blocks = blocks_of("birthwt")
    fewer = blocks.take(np.arange(150))
    small = Compared("m1", fit_blocks(some_columns(fewer, [0]), True, Settings()), ("age",), True)
    large = compared("birthwt", [0, 1], "m2")
    with pytest.raises(
        UsageError, match=r"m1 and m2 were fitted on different rows \(150 and 189\)"
    ):
        ratio_test(small, large)


def test_models_of_another_target_are_refused():
    p = ordinary(np.random.default_rng(0), 60, 2)
    q = replace(p, y=1.0 - p.y)
    large = Compared("m2", fit_blocks(p.blocks(), True, Settings()), ("x0", "x1"), True)
    part = some_columns(q.blocks(), [0])
    small = Compared("m1", fit_blocks(part, True, Settings()), ("x0",), True)
    with pytest.raises(UsageError, match=r"different rows, weights or offsets, .* \(their events"):
        ratio_test(small, large)


def test_models_of_other_offsets_are_refused():
    p = ordinary(np.random.default_rng(0), 60, 2)
    q = replace(p, offset=np.linspace(-1.0, 1.0, 60))
    large = Compared("m2", fit_blocks(p.blocks(), True, Settings()), ("x0", "x1"), True)
    part = some_columns(q.blocks(), [0])
    small = Compared("m1", fit_blocks(part, True, Settings()), ("x0",), True)
    with pytest.raises(UsageError, match=r"their log-likelihood of the null model"):
        ratio_test(small, large)


def test_models_that_are_not_nested_are_refused():
    small = compared("birthwt", [0, 4], "m1")
    with pytest.raises(UsageError, match=r"m1 is not nested in m2: it has 'smoke'.* smaller one"):
        ratio_test(small, compared("birthwt", [0, 1, 2], "m2"))
    renamed = replace(small, names=("age", "smokes"))
    with pytest.raises(UsageError, match=r"has 'smokes', .*\(its nearest is 'smoke'\)"):
        ratio_test(renamed, compared("birthwt", [0, 1, 4], "m2"))
    p = ordinary(np.random.default_rng(0), 60, 2)
    free = Compared("m2", fit_blocks(p.blocks(), False, Settings()), ("x0", "x1"), False)
    part = some_columns(p.blocks(), [0])
    with_one = Compared("m1", fit_blocks(part, True, Settings()), ("x0",), True)
    with pytest.raises(UsageError, match="it has 'Intercept'"):
        ratio_test(with_one, free)


def test_the_same_model_twice_is_refused():
    one = compared("plasma", None, "m1")
    with pytest.raises(UsageError, match="m1 and m1 both have 3 coefficients"):
        ratio_test(one, one)


def test_one_model_is_nothing_to_compare():
    with pytest.raises(UsageError, match="1 model was given to compare"):
        anova([compared("plasma")])


def test_penalised_and_unfinished_fits_are_refused():
    blocks = blocks_of("plasma")
    ridge = fit_blocks(blocks, True, Settings(l2=1.0))
    early = fit_blocks(blocks, True, Settings(max_steps=1))
    small = compared("plasma", [0], "m1")
    for fit, error, says in (
        (ridge, UsageError, r"likelihood-ratio tests \(of m2\) were asked of a penalised fit"),
        (early, NotProvedError, r"\(of m2\) start from the maximum"),
    ):
        with pytest.raises(error, match=says):
            ratio_test(small, Compared("m2", fit, blocks.names, True))
    for fit, error in ((ridge, UsageError), (early, NotProvedError)):
        with pytest.raises(error, match="likelihood-ratio tests"):
            drop1(blocks, fit, True, {"globulin": [1]})
        with pytest.raises(error, match="score tests"):
            score_tests(blocks, fit, blocks.names, True)


def test_score_tests_are_refused_where_there_is_no_maximum():
    blocks = blocks_of("endometrial")
    fit = fit_blocks(some_columns(blocks, [0]), True, Settings())
    with pytest.raises(NotProvedError, match="the classes are separated: there is none"):
        score_tests(blocks, fit, ("NV",), True)


def test_score_tests_of_columns_that_are_not_there_or_in_the_model():
    blocks = blocks_of("birthwt")
    fit = fit_blocks(some_columns(blocks, [0, 1]), True, Settings())
    with pytest.raises(UsageError, match=r"column 'lwd' .*\(the nearest is 'lwt'\)"):
        score_tests(blocks, fit, ("age", "lwd"), True)
    with pytest.raises(UsageError, match=r"term 'more' has column 'age', which is in the model"):
        score_tests(blocks, fit, ("age", "lwt"), True, {"more": [0, 5]})


def test_score_tests_on_other_rows_are_refused():
    blocks = blocks_of("birthwt")
    fit = fit_blocks(some_columns(blocks.take(np.arange(150)), [0, 1]), True, Settings())
    with pytest.raises(UsageError, match=r"made on 150 rows .* 189 rows .*on the same rows"):
        score_tests(blocks, fit, ("age", "lwt"), True)


# --- columns


def test_views_copy_nothing_where_columns_are_neighbours():
    X = np.arange(24.0).reshape(6, 4)
    blocks = array_blocks(X, np.array([0, 1, 0, 1, 0, 1.0]), np.ones(6), np.zeros(6), tuple("abcd"))
    shared = []
    near = some_columns(blocks, [1, 2])
    near.map(lambda block: shared.append(np.shares_memory(block.X, X)) or block.y)
    assert all(shared)
    apart = some_columns(blocks, [3, 0])
    assert apart.names == ("d", "a")
    np.testing.assert_array_equal(apart.map(lambda block: block.X), X[:, [3, 0]])
    np.testing.assert_array_equal(
        apart.take(np.array([2, 4])).map(lambda b: b.X), X[[2, 4]][:, [3, 0]]
    )
    assert apart.without(np.array([0, 1])).n_rows == 4
    assert apart.sample(3, 0).n_rows == 3
    assert (apart.n_rows, apart.n_blocks, apart.reads) == (6, blocks.n_blocks, blocks.reads)
    np.testing.assert_array_equal(apart.source_rows, np.arange(6))
    total, drawn = apart.survey(lambda block: block.X.sum(axis=0), 4)
    np.testing.assert_array_equal(total, X[:, [3, 0]].sum(axis=0))
    for part in (drawn.standing, drawn.plain, apart.draw(4, 1).plain):
        assert part.names == ("d", "a")
        assert part.n_rows == 4
