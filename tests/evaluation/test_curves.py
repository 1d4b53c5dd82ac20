"""Curves of predictions: scikit-learn's numbers, laws of weights and ties, what is undefined."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve as their_calibration_curve
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_curve

import sigmoide
from sigmoide.errors import SeparationWarning, UsageError
from sigmoide.evaluation.curves import (
    MOST_CORNERS,
    Histogram,
    calibration_curve,
    precision_recall,
    ranked,
    roc,
    score_distribution,
    threshold_curves,
    wilson,
)
from sigmoide.evaluation.gaps import proved_gaps
from sigmoide.evaluation.metrics import Scored, auc, scores
from sigmoide.evaluation.plane import LEVELS, Window, cloud, frame_around, plane
from sigmoide.evaluation.thinning import thin
from sigmoide.problem import objective
from sigmoide.results.predict import predict
from support.reference_sets import fitted

EVERY = 10**9


def rows_of(seed, n=300, tied=True, weighted=True):
    rng = np.random.default_rng(seed)
    eta = rng.normal(size=n) * 2
    if tied:
        eta = np.round(eta * 2) / 2
    y = (rng.random(n) < objective.sigmoid(eta)).astype(float)
    weight = rng.integers(1, 5, size=n).astype(float) if weighted else np.ones(n)
    return Scored(eta, y, weight, float(weight.sum()))


def numbers_of(record):
    """Return all numbers of a record, one after another."""
    found = []
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Histogram):
            found += numbers_of(value)
        else:
            found += list(np.ravel(np.asarray(value, dtype=float)))
    return found


CASES = [rows_of(s, tied=t, weighted=w) for s in (0, 1) for t in (True, False) for w in (0, 1)]


@pytest.mark.parametrize("rows", CASES)
def test_roc_is_scikit_learns(rows):
    ours = roc(rows, most=EVERY)
    false, true, at = roc_curve(
        rows.y, rows.eta, sample_weight=rows.weight, drop_intermediate=False
    )
    np.testing.assert_allclose(ours.false_positive_rate, false, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(ours.true_positive_rate, true, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(ours.threshold[1:], objective.sigmoid(at[1:]), rtol=1e-14)
    assert ours.threshold[0] == np.inf
    area = np.trapezoid(ours.true_positive_rate, ours.false_positive_rate)
    assert ours.auc == pytest.approx(area, rel=1e-12)
    assert ours.auc == auc(rows.eta, rows.y, rows.weight)


@pytest.mark.parametrize("rows", CASES)
def test_precision_and_recall_are_scikit_learns(rows):
    ours = precision_recall(rows, most=EVERY)
    precision, recall, _ = precision_recall_curve(rows.y, rows.eta, sample_weight=rows.weight)
    # theirs falls and ends at a point (0, 1) that no threshold has; ours rises, two corners a step
    np.testing.assert_allclose(ours.recall[1::2], recall[-2::-1], rtol=1e-12)
    np.testing.assert_allclose(ours.precision[1::2], precision[-2::-1], rtol=1e-12)
    np.testing.assert_array_equal(ours.precision[::2], ours.precision[1::2])
    np.testing.assert_array_equal(ours.recall[2::2], ours.recall[1:-1:2])
    theirs = average_precision_score(rows.y, rows.eta, sample_weight=rows.weight)
    assert ours.average_precision == pytest.approx(theirs, rel=1e-12)
    assert np.trapezoid(ours.precision, ours.recall) == pytest.approx(theirs, rel=1e-12)
    assert ours.base == pytest.approx(rows.weight @ rows.y / rows.weight.sum())


@pytest.mark.parametrize("groups", [1, 2, 5, 10])
def test_calibration_is_scikit_learns(groups):
    rows = rows_of(3, n=400, tied=False, weighted=False)
    ours = calibration_curve(rows, groups)
    observed, predicted = their_calibration_curve(
        rows.y, objective.sigmoid(rows.eta), n_bins=groups, strategy="quantile"
    )
    np.testing.assert_allclose(ours.observed, observed, rtol=1e-12)
    np.testing.assert_allclose(ours.predicted, predicted, rtol=1e-12)
    assert (ours.weight == 400 / groups).all()
    assert (ours.first <= ours.predicted).all()
    assert (ours.predicted <= ours.last).all()
    assert (ours.last[:-1] < ours.first[1:]).all()


CURVES = [roc, precision_recall, calibration_curve, threshold_curves, score_distribution]


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("seed", range(3))
def test_a_weight_is_so_many_rows_and_their_order_does_not_matter(curve, seed):
    rows = rows_of(seed)
    times = rows.weight.astype(int)
    order = np.random.default_rng(seed).permutation(times.sum())
    eta, y = np.repeat(rows.eta, times)[order], np.repeat(rows.y, times)[order]
    repeated = Scored(eta, y, np.ones(len(eta)), rows.n)
    np.testing.assert_allclose(
        numbers_of(curve(rows)), numbers_of(curve(repeated)), rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_scale_of_weights_that_are_no_counts_changes_no_share(seed):
    rows = replace(rows_of(seed), n=300.0, counted=False)
    other = replace(rows, weight=rows.weight / 7.0)
    for curve in (roc, precision_recall):
        np.testing.assert_allclose(
            numbers_of(curve(rows)), numbers_of(curve(other)), rtol=1e-12, atol=1e-15
        )
    one, two = calibration_curve(rows), calibration_curve(other)
    for name in ("predicted", "observed", "low", "high", "first", "last"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=1e-12)
    # unequal weights are worth fewer rows than there are, and more than if they were counts
    equal = calibration_curve(replace(rows, weight=np.ones(300)))
    counts = calibration_curve(replace(rows, counted=True))
    assert (one.high - one.low > counts.high - counts.low).all()
    assert np.mean(one.high - one.low) > np.mean(equal.high - equal.low)


@pytest.mark.parametrize("seed", range(3))
def test_swapping_the_classes_turns_the_curves(seed):
    rows = rows_of(seed)
    swapped = replace(rows, eta=-rows.eta, y=1.0 - rows.y)
    one, two = roc(rows, most=EVERY), roc(swapped, most=EVERY)
    np.testing.assert_allclose(
        one.false_positive_rate, 1.0 - two.true_positive_rate[::-1], atol=1e-12
    )
    assert one.auc == pytest.approx(two.auc, rel=1e-12)
    up, down = score_distribution(rows).histogram, score_distribution(swapped).histogram
    np.testing.assert_allclose(up.edges, -down.edges[::-1], atol=1e-12)
    assert up.cases.sum() == down.controls.sum()
    assert up.controls.sum() == down.cases.sum()


@pytest.mark.parametrize("rows", CASES[:3])
@pytest.mark.parametrize("at", [0.0, 0.3, 0.5, 1.0])
def test_thresholds_by_counting(rows, at):
    found = threshold_curves(rows, at)
    p, y, w = objective.sigmoid(rows.eta), rows.y, rows.weight
    for k in range(0, len(found.threshold), 37):
        said = p >= found.threshold[k]
        assert found.accuracy[k] == pytest.approx(w[said == (y == 1)].sum() / w.sum())
        assert found.sensitivity[k] == pytest.approx(w[said & (y == 1)].sum() / w[y == 1].sum())
        assert found.specificity[k] == pytest.approx(w[~said & (y == 0)].sum() / w[y == 0].sum())
        if said.any():
            assert found.precision[k] == pytest.approx(w[said & (y == 1)].sum() / w[said].sum())
        else:
            assert math.isnan(found.precision[k])
    table = scores(rows.eta, rows.y, rows.weight, at, rows.n)["confusion"]
    assert [list(row) for row in found.confusion] == table
    (right, wrong), (missed, hit) = table
    assert roc(rows, at).point == (wrong / (right + wrong), hit / (missed + hit))
    marked = precision_recall(rows, at)
    assert marked.point[0] == hit / (missed + hit)
    assert marked.at == at


@pytest.mark.parametrize("curve", [roc, precision_recall, threshold_curves])
@pytest.mark.parametrize("at", [-0.1, 1.5, math.nan])
def test_a_threshold_that_is_no_probability(curve, at):
    with pytest.raises(UsageError, match="threshold"):
        curve(rows_of(0), at)


def test_groups_and_coverage_that_mean_nothing():
    for wrong in ({"groups": 0}, {"alpha": 0.0}, {"alpha": 1.0}, {"alpha": math.nan}):
        with pytest.raises(UsageError, match=next(iter(wrong))):
            calibration_curve(rows_of(0), **wrong)


@pytest.mark.parametrize("k", [0, 1, 7, 19, 20])
def test_wilson_is_scipys(k):
    low, high = wilson(np.array([k / 20]), np.array([20.0]), 0.1)
    theirs = binomtest(k, 20).proportion_ci(0.9, method="wilson")
    assert low[0] == pytest.approx(theirs.low, abs=1e-12)
    assert high[0] == pytest.approx(theirs.high, abs=1e-12)


def test_groups_are_as_many_as_the_rows_allow():
    for n, groups in ((5, 1), (39, 1), (40, 2), (189, 9), (200, 10), (5000, 10)):
        rows = rows_of(0, n=n, tied=False, weighted=False)
        assert len(calibration_curve(rows).weight) == groups
    tied = replace(rows_of(0, n=400), eta=np.repeat([-1.0, 2.0], 200))
    assert calibration_curve(tied).predicted == pytest.approx(objective.sigmoid(np.array([-1, 2])))


def test_rare_events_are_shown_by_logits():
    rows = rows_of(0, n=2000, tied=False, weighted=False)
    assert not calibration_curve(rows).logit
    for shift in (-7.0, 7.0):
        rare = replace(rows, eta=rows.eta + shift)
        found = calibration_curve(rare)
        assert found.logit
        assert found.histogram.cases.sum() + found.histogram.controls.sum() == 2000
        assert found.histogram.edges[0] == pytest.approx(max(rare.eta.min(), -math.log(1e6)))
        assert not calibration_curve(rare, logit=False).logit


def test_large_data_give_records_that_do_not_grow():
    big = rows_of(5, n=100_000, tied=False, weighted=False)
    for curve in CURVES:
        assert len(numbers_of(curve(big))) < 3 * MOST_CORNERS + 100
    full, few = roc(big, most=EVERY), roc(big)
    assert len(full.threshold) > 50_000
    assert len(few.threshold) <= MOST_CORNERS
    assert few.auc == full.auc
    # across the diagonal the two curves differ by less than a tenth of the width of a line
    along = np.linspace(0, 2, 20_001)
    one, two = (
        np.interp(
            along,
            c.false_positive_rate + c.true_positive_rate,
            c.true_positive_rate - c.false_positive_rate,
        )
        for c in (few, full)
    )
    assert np.max(np.abs(one - two)) < 1e-3
    steps, all_steps = precision_recall(big), precision_recall(big, most=EVERY)
    assert len(steps.recall) <= MOST_CORNERS
    area = np.trapezoid(steps.precision, steps.recall)
    assert area == pytest.approx(all_steps.average_precision, abs=1e-3)


def test_thinning_keeps_ends_and_corners():
    x = np.repeat(np.arange(2001) / 2000, 2)[1:]
    y = np.repeat(np.floor(np.arange(2001) / 200) / 10, 2)[:-1]
    kept = thin(x, y, 100)
    assert len(kept) <= 100
    assert kept[0] == 0
    assert kept[-1] == len(x) - 1
    assert (np.diff(kept) > 0).all()
    for level in range(1, 10):  # the ten large steps are all there, at their places
        for height in (level / 10, (level - 1) / 10):
            assert np.any((np.abs(x[kept] - level / 10) <= 1 / 2000) & (y[kept] == height))
    np.testing.assert_array_equal(thin(x, y, len(x)), np.arange(len(x)))
    rng = np.random.default_rng(0)
    noise = np.cumsum(rng.normal(size=20_000)) / 200
    kept = thin(np.linspace(0, 1, 20_000), noise, 500)
    assert 2 <= len(kept) <= 500
    assert thin(x, np.full(len(x), np.nan), 100).tolist() == [0, len(x) - 1]


def test_one_class():
    for y in (0.0, 1.0):
        rows = replace(rows_of(0), y=np.full(300, y))
        curve = roc(rows)
        assert math.isnan(curve.auc)
        undefined = curve.true_positive_rate if y == 0.0 else curve.false_positive_rate
        assert np.isnan(undefined[1:]).all()
        steps = precision_recall(rows)
        assert math.isnan(steps.average_precision) == (y == 0.0)
        assert steps.base == y
        found = threshold_curves(rows)
        assert np.isnan(found.sensitivity if y == 0 else found.specificity).all()
        assert (calibration_curve(rows).observed == y).all()
        histogram = score_distribution(rows).histogram
        assert (histogram.controls if y else histogram.cases).sum() == 0


def test_a_constant_score():
    rows = replace(rows_of(0), eta=np.full(300, 0.3))
    curve = roc(rows)
    assert curve.auc == 0.5
    assert curve.false_positive_rate.tolist() == curve.true_positive_rate.tolist() == [0, 1]
    assert precision_recall(rows).average_precision == pytest.approx(precision_recall(rows).base)
    groups = calibration_curve(rows)
    assert len(groups.weight) == 1
    assert groups.first == groups.last
    found = score_distribution(rows).histogram
    assert found.edges[0] == pytest.approx(-0.7)
    assert found.cases.sum() + found.controls.sum() == rows.n


def test_infinite_predictors():
    eta = np.array([-np.inf, -np.inf, -1e4, -1.0, 0.0, 1.0, 20.0, np.inf])
    y = np.array([0.0, 1, 0, 0, 1, 1, 0, 1])
    rows = Scored(eta, y, np.ones(8), 8.0)
    false, true, _ = roc_curve(y, np.clip(eta, -2e4, 2e4), drop_intermediate=False)
    np.testing.assert_array_equal(roc(rows).false_positive_rate, false)
    np.testing.assert_array_equal(roc(rows).true_positive_rate, true)
    assert roc(rows).threshold[[1, -1]].tolist() == [1.0, 0.0]
    found = score_distribution(rows)
    assert found.zero == (1.0, 1.0)
    assert found.one == (0.0, 1.0)
    histogram = found.histogram
    assert histogram.edges[[0, -1]] == pytest.approx([-math.log(1e6), math.log(1e6)])
    assert histogram.controls[[0, -1]].tolist() == [1.0, 1.0]
    assert histogram.cases.sum() + histogram.controls.sum() == 5
    for curve in CURVES:
        assert not any(np.isnan(v) for v in numbers_of(curve(rows))[:3])
    every = replace(rows, eta=np.where(y, np.inf, -np.inf))
    assert roc(every).auc == 1.0
    assert calibration_curve(every, 2).observed.tolist() == [0.0, 1.0]
    assert score_distribution(every).histogram.cases.sum() == 0


def test_ranks_add_up():
    rows = rows_of(0)
    found = ranked(rows)
    assert (np.diff(found.eta) < 0).all()
    assert found.cases[-1] == rows.weight @ rows.y
    assert found.controls[-1] == rows.weight @ (1 - rows.y)


# The plane of two columns


def two_columns(slopes, n=400, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2)) * [3.0, 0.01] + [50.0, 1.0]
    eta = (X - [50.0, 1.0]) @ (np.array(slopes) / [3.0, 0.01])
    y = (rng.random(n) < objective.sigmoid(eta)).astype(int)
    return sigmoide.logit("y ~ a + b", {"a": X[:, 0], "b": X[:, 1], "y": y})


def bent(fit, coef, intercept=0.0):
    """Return the fit with other coefficients, around the same centre."""
    kept = replace(fit.coefficients, coef=np.array(coef, dtype=float), intercept=intercept)
    return replace(fit, coefficients=kept)


def area_of(shape):
    x, y = shape.T
    return 0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))


@pytest.mark.parametrize("slopes", [(1, 0.5), (-2, 1), (0.2, -3), (0, 1), (1, 0), (8, 8), (0, 0)])
def test_lines_and_areas_are_those_of_the_model(slopes):
    fit = two_columns((1, 1)).model.fit
    fit = bent(fit, np.array(slopes) / [3.0, 0.01])
    frame = Window(40.0, 60.0, 0.97, 1.03)
    found = plane(fit, frame)
    for level, ends in found.lines.items():
        if ends is None:
            continue
        assert predict(ends, np.zeros(2), fit, True).eta == pytest.approx(
            math.log(level / (1 - level)), abs=1e-9
        )
        assert ((frame.left <= ends[:, 0]) & (ends[:, 0] <= frame.right)).all()
        assert ((frame.bottom <= ends[:, 1]) & (ends[:, 1] <= frame.top)).all()
    assert (found.lines[0.5] is None) == (slopes == (0, 0))
    whole = (60.0 - 40.0) * (1.03 - 0.97)
    assert sum(area_of(shape) for _, shape in found.areas) == pytest.approx(whole, rel=1e-9)
    for middle, shape in found.areas:
        inside = predict(shape.mean(axis=0)[None], np.zeros(1), fit, True).eta
        assert abs(float(objective.sigmoid(inside)[0]) - middle) <= 0.05 + 1e-9


def test_a_boundary_that_stands_upright_reaches_from_bottom_to_top():
    fit = bent(two_columns((1, 1)).model.fit, [2.0, 0.0], 1.0)
    centre = fit.coefficients.centre[0]
    ends = plane(fit, Window(40.0, 60.0, 0.97, 1.03)).lines[0.5]
    assert ends[:, 0] == pytest.approx([centre - 0.5, centre - 0.5], abs=1e-9)
    assert sorted(ends[:, 1]) == [0.97, 1.03]
    assert plane(fit, Window(60.0, 70.0, 0.97, 1.03)).lines[0.5] is None


def test_the_wall_between_separated_classes():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    y = (X[:, 0] - 2 * X[:, 1] > 0.3).astype(int)
    with pytest.warns(SeparationWarning):
        found = sigmoide.logit("y ~ a + b", {"a": X[:, 0], "b": X[:, 1], "y": y})
    fit = found.model.fit
    drawn = plane(fit, Window(-3.0, 3.0, -3.0, 3.0))
    assert drawn.wall
    assert [middle for middle, _ in drawn.areas] == [0.0, 1.0]
    for middle, shape in drawn.areas:
        inside = shape.mean(axis=0)[None]
        assert objective.sigmoid(predict(inside, np.zeros(1), fit, True).eta)[0] == middle
    assert all(ends is not None for ends in drawn.lines.values())
    assert set(drawn.lines) == set(LEVELS)


def test_points_are_chosen_by_row_number_and_framed():
    from sigmoide.blocks.blocks import array_blocks

    rng = np.random.default_rng(0)
    n = 20_000
    X, y = rng.normal(size=(n, 2)), rng.integers(0, 2, n).astype(float)
    X[17] = [1e6, 0.0]
    blocks = array_blocks(X, y, np.ones(n), np.zeros(n), ("a", "b"))
    some = cloud(blocks)
    assert (len(some.points), some.total) == (1000, n)
    np.testing.assert_array_equal(some.points, cloud(blocks).points)
    where = {tuple(row): k for k, row in enumerate(X)}
    chosen = np.array([where[tuple(p)] for p in some.points])
    np.testing.assert_array_equal(y[chosen] == 1.0, some.event)
    # spread over the whole, not the first rows
    assert np.histogram(chosen, 4, (0, n))[0].min() > 200
    every = cloud(blocks.take(np.arange(100)))
    assert len(every.points) == every.total == 100
    frame = frame_around((every,))
    assert frame.right < 1e3, "one outlier left no room for the others"
    assert frame.outside(every) == 1
    tight = frame_around((cloud(blocks.take(np.arange(18, 100))),))
    assert tight.outside(cloud(blocks.take(np.arange(18, 100)))) == 0
    flat = array_blocks(np.ones((3, 2)), np.ones(3), np.ones(3), np.zeros(3), ("a", "b"))
    assert frame_around((cloud(flat),)) == Window(0.5, 1.5, 0.5, 1.5)


# The proved gap


@pytest.mark.parametrize("name", ["birthwt", "pima_tr2", "default", "esoph"])
def test_gaps_of_a_proved_fit(name):
    fit = fitted(name).model.fit
    found = proved_gaps(fit)
    assert found.attained
    assert found.bound[-1] == fit.certificate.gap
    assert found.reads.tolist() == [step.reads for step in fit.history]
    values = np.array([step.value for step in fit.history])
    assert (found.bound[:-1] >= values[:-1] - values[-1]).all()
    # and the bounds are no more than rounding above what they bound
    assert (found.bound[:-1] <= values[:-1] - values[-1] + 1e-11 * (1 + values[:-1])).all()


@pytest.mark.filterwarnings(
    "ignore::sigmoide.errors.AliasedWarning", "ignore::sigmoide.errors.SeparationWarning"
)
def test_gaps_of_separated_and_of_undetermined_fits():
    quasi, complete = fitted("endometrial"), fitted("digits_3v8")
    fit = quasi.model.fit
    found = proved_gaps(fit)
    assert not found.attained
    values = np.array([step.value for step in fit.history])
    np.testing.assert_allclose(found.bound, values + fit.totals.loglik, rtol=1e-8)
    assert (np.diff(found.bound) < 0).all()
    assert complete.separation.exact
    # where no row overlaps, the log-likelihood tends to 0
    values = np.array([step.value for step in complete.model.fit.history])
    np.testing.assert_allclose(proved_gaps(complete.model.fit).bound, values, rtol=1e-8)
    numerical = replace(fit, separation=replace(fit.separation, exact=False))
    assert not len(proved_gaps(numerical).bound)
    proved = fitted("birthwt").model.fit
    unproved = replace(proved, certificate=replace(proved.certificate, proved=False, gap=math.inf))
    assert not len(proved_gaps(unproved).bound)
    assert not len(proved_gaps(replace(fit, history=())).bound)
