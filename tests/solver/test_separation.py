"""The witness of separation: which rows, along which directions, and what it makes infinite."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sigmoide.blocks.moments import moments
from sigmoide.fit.driver import fit_blocks
from sigmoide.fit.witness import SignedBlocks, find_separation
from sigmoide.results.records import Fit, Separation, Settings
from sigmoide.solver.separation import _rational_null_space
from support.cones import null_space, separated_rows, signed_rows, signs
from support.problems import Problem, Rng, coin, columns, dyadic, ordinary, problem, rescaled, rough

NAN = float("nan")


def fit_of(p: Problem, intercept: bool = True, **asked: object) -> Fit:
    return fit_blocks(p.blocks(), intercept, Settings(**asked))


def same_signs(found: np.ndarray, expected: list[float]) -> bool:
    return np.array_equal(found, np.array(expected), equal_nan=True)


def reported_margins(p: Problem, found: Separation, intercept: bool = True) -> list[Fraction]:
    """Return what the reported direction gives each row, in rationals.

    The direction is reported in floats, which cannot always lie in the plane of the rows that
    overlap: a third is no float. So as many of its entries as can be chosen are taken as reported,
    the others follow from the plane, exactly, and are what was reported up to rounding.
    """
    frame = p.frame(intercept)
    held = frame.coordinates(found.direction[0], found.direction[1:]).tolist()
    scale = [Fraction(2) ** int(k) for k in frame.exponent]
    rows = []
    for row, y in zip(p.X, p.y, strict=True):
        z = [
            (Fraction(float(x)) - Fraction(float(o))) * k
            for x, o, k in zip(row, found.origin, scale, strict=True)
        ]
        rows.append([a if y > 0.5 else -a for a in [*[Fraction(1)] * intercept, *z]])
    mixed = np.delete(np.arange(len(rows)), found.rows)
    free, basis = null_space([rows[i] for i in mixed], len(held))
    exactly = [
        sum((Fraction(held[j]) * vector[k] for j, vector in zip(free, basis, strict=True)))
        for k in range(len(held))
    ]
    for v, reported in zip(exactly, held, strict=True):
        assert abs(float(v) - reported) <= 1e-12 * max(map(abs, held))
    return [sum((a * v for a, v in zip(row, exactly, strict=True))) for row in rows]


def check_witness(p: Problem, found: Separation, separated: list[bool]) -> None:
    """Check rows, exactness, and in rationals that the direction moves those rows and no other."""
    assert found.kind == ("complete" if all(separated) else "quasi-complete")
    assert found.rows.tolist() == np.flatnonzero(separated).tolist()
    assert found.exact
    margins = reported_margins(p, found)
    assert min(margins) >= 0
    assert [m > 0 for m in margins] == separated


# --- measured cases


def m1(rng: Rng) -> Problem:
    """200 rows, g binary, y = 1 whenever g = 1, and x."""
    x = dyadic(rng.normal(size=200))
    g = (rng.random(200) < 0.2).astype(np.float64)
    y = np.where(g == 1.0, 1.0, rng.random(200) < 1.0 / (1.0 + np.exp(-x)))
    return problem(np.column_stack([g, x]), y)


@pytest.mark.parametrize("seed", range(5))
def test_m1_a_level_of_one_class_only_has_an_infinite_coefficient(seed):
    p = m1(np.random.default_rng(seed))
    fit = fit_of(p)
    assert fit.status == "separated"
    assert not fit.certificate.proved
    assert same_signs(fit.separation.signs, [0.0, 1.0, 0.0])
    check_witness(p, fit.separation, (p.X[:, 0] == 1.0).tolist())
    rest = p.X[:, 0] == 0.0
    limit = fit_of(problem(p.X[rest][:, 1:], p.y[rest]))
    assert fit.limit is not None
    assert fit.limit.proved
    assert limit.status == "proved"
    assert fit.totals.loglik == pytest.approx(limit.totals.loglik, abs=1e-9)
    assert fit.coefficients.coef[1] == pytest.approx(limit.coefficients.coef[0], abs=1e-9)


def m10(rng: Rng) -> Problem:
    """Separated by x1 + x2 - 1, where both classes meet: by no column alone."""
    n = 60
    x1, y = dyadic(rng.normal(size=n)), coin(rng, n)
    margin = np.where(rng.random(n) < 0.6, dyadic(rng.exponential(size=n)) + 0.125, 0.0)
    x2 = 1.0 - x1 + (2.0 * y - 1.0) * margin
    # Both classes in the plane, one enclosing the other, so that no direction of it separates.
    X = np.vstack([np.column_stack([x1, x2]), [[-8.0, 9.0], [8.0, -7.0], [0.0, 1.0]]])
    y = np.append(y, [1.0, 1.0, 0.0])
    return problem(X, y, direction=[Fraction(-1), Fraction(1), Fraction(1)])


EXACT_SCALES = [1.0, 1e5, 1e8, 2.0**-27]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("other", [*EXACT_SCALES, 1e-5, 1e-8])
@pytest.mark.parametrize("one", [1.0, 1e8, 1e-8])
def test_m10_the_verdict_does_not_depend_on_the_scale_of_a_column(seed, one, other):
    p = m10(np.random.default_rng(seed))
    plane = p.X.sum(axis=1) == 1.0
    scaled = rescaled(p, np.array([one, other]))
    found = fit_of(scaled).separation
    if one in EXACT_SCALES and other in EXACT_SCALES:
        assert same_signs(found.signs, [-1.0, 1.0, 1.0])
        check_witness(scaled, found, (~plane).tolist())
    elif found.kind != "undetermined":
        # Rounded products have moved rows off the plane, to one side or the other, by 1e-16: what
        # the data are then, only rationals could tell. Never are they said to be something else.
        assert found.kind == "quasi-complete"
        assert same_signs(found.signs, [-1.0, 1.0, 1.0])
        assert set(found.rows.tolist()) >= set(np.flatnonzero(~plane).tolist())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("other", [*EXACT_SCALES, 1e-5, 1e-8])
@pytest.mark.parametrize("one", [1.0, 1e8, 1e-8])
def test_m10_with_a_margin_has_one_verdict_at_every_scale(seed, one, other):
    """Completely separated by x1 + x2 > 0, as in the report: x2 is never "finite"."""
    rng = np.random.default_rng([14, seed])
    x1, y = dyadic(rng.normal(size=60)), coin(rng, 60)
    x2 = (2.0 * y - 1.0) * (dyadic(rng.exponential(0.2, 60)) + 2.0**-6) - x1
    p = problem(np.column_stack([x1, x2]), y, direction=[Fraction(0), Fraction(1), Fraction(1)])
    found = fit_of(rescaled(p, np.array([one, other]))).separation
    check_witness(rescaled(p, np.array([one, other])), found, [True] * 60)
    assert found.signs[1:].tolist() == [1.0, 1.0]
    assert same_signs(found.signs, fit_of(p).separation.signs.tolist())


def test_a_complete_separation_leaves_nothing_finite():
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 4.0])
    p = problem(x[:, None], x > 0.0)
    fit = fit_of(p)
    assert fit.status == "separated"
    check_witness(p, fit.separation, [True] * 6)
    assert same_signs(fit.separation.signs, [NAN, 1.0])
    assert fit.limit is None
    assert fit.totals.loglik == 0.0


def test_a_direction_among_several_leaves_signs_undetermined():
    """x1 separates with room to spare: x2 may go either way with it."""
    rng = np.random.default_rng(3)
    x1 = np.repeat([-5.0, 5.0], 10)
    p = problem(np.column_stack([x1, dyadic(rng.normal(size=20))]), x1 > 0.0)
    found = fit_of(p).separation
    check_witness(p, found, [True] * 20)
    assert same_signs(found.signs, [NAN, 1.0, NAN])


def test_columns_that_separate_only_together():
    """Neither alone nor with the third; the third stays finite."""
    rng = np.random.default_rng(4)
    x1, x3 = dyadic(rng.normal(size=40)), dyadic(rng.normal(size=40))
    y = coin(rng, 40)
    gap = np.where(rng.random(40) < 0.5, 0.5, 0.0)
    p = problem(np.column_stack([x1, x1 - (2.0 * y - 1.0) * gap, x3]), y)
    for alone in ([0], [1], [2], [0, 2], [1, 2]):
        assert fit_of(problem(p.X[:, alone], y)).status == "proved"
    found = fit_of(p).separation
    assert same_signs(found.signs, [0.0, 1.0, -1.0, 0.0])
    check_witness(p, found, (gap > 0.0).tolist())


def test_without_an_intercept_the_plane_goes_through_zero():
    """With an intercept these overlap; without, x = 0 is a threshold that both classes meet."""
    x = np.array([-2.0, -1.0, 0.0, 0.0, 1.0, 3.0])
    y = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    found = fit_of(problem(x[:, None], y), intercept=False).separation
    assert found.kind == "quasi-complete"
    assert same_signs(found.signs, [1.0])
    assert found.rows.tolist() == [0, 1, 4, 5]
    # Both classes on one side: nothing separates without an intercept, a threshold does with one.
    apart = problem(np.array([[1.0], [2.0], [3.0], [4.0]]), [0.0, 0.0, 1.0, 1.0])
    assert fit_of(apart, intercept=False).status == "proved"
    assert fit_of(apart).separation.kind == "complete"


def test_without_an_intercept_the_length_of_a_row_says_nothing():
    """Each row may be multiplied by a number of its own, here from 2^-40 to 2^40."""
    for k in range(10):
        rng = np.random.default_rng([15, k])
        x1, y = dyadic(rng.normal(size=40)), coin(rng, 40)
        gap = np.where(rng.random(40) < 0.5, 0.25, 0.0)
        X = np.column_stack([x1, x1 - (2.0 * y - 1.0) * gap])
        X = np.vstack([X, [[1.0, 1.0], [1.0, 1.0]]])
        p = problem(np.ldexp(X, rng.integers(-40, 41, 42)[:, None]), np.append(y, [0.0, 1.0]))
        found = fit_of(p, intercept=False).separation
        assert same_signs(found.signs, [1.0, -1.0])
        assert found.rows.tolist() == np.flatnonzero(gap).tolist()
        assert found.exact


def test_rows_that_overlap_with_a_weight_of_nothing_are_no_separation():
    """A weight of 1e-12 is a weight: the maximum is finite, far out, and hard to see."""
    seen = set()
    for k in range(30):
        rng = np.random.default_rng([5, k])
        n = 40
        x = dyadic(rng.normal(size=n))
        y = (x > 0.0).astype(np.float64)
        y[np.argsort(np.abs(x))[:4]] = [1.0, 0.0, 1.0, 0.0]
        against = (x > 0.0) != (y > 0.5)
        y[np.argmax(x)], y[np.argmin(x)] = 0.0, 1.0
        against[[np.argmax(x), np.argmin(x)]] = True
        p = problem(x[:, None], y, np.where(against, 10.0 ** rng.uniform(-16.0, -10.0), 1.0))
        assert not any(separated_rows(signed_rows(p.X, p.y, True)))
        fit = fit_of(p)
        seen.add(fit.status)
        assert fit.separation.kind in ("none", "undetermined")
        assert fit.status in ("proved", "undetermined", "not converged")
        assert fit.certificate.proved == (fit.separation.kind == "none")
    assert "proved" in seen


def test_rows_that_overlap_without_intercept_may_be_of_one_class():
    """x = 0 says nothing without an intercept: such rows overlap, whatever their class."""
    p = problem(np.array([[0.0], [0.0], [1.0]]), np.array([1.0, 1.0, 0.0]))
    fit = fit_of(p, intercept=False)
    assert fit.status == "separated"
    assert fit.separation.rows.tolist() == [2]
    assert same_signs(fit.separation.signs, [-1.0])
    assert fit.totals.loglik == pytest.approx(-2.0 * np.log(2.0), rel=1e-12)
    # Two columns: the first overlaps in rows of one class, and stays finite; the second does not.
    X = np.array([[1.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
    fit = fit_of(problem(X, np.array([1.0, 1.0, 0.0, 0.0])), intercept=False)
    assert fit.status == "separated"
    assert fit.separation.rows.tolist() == [2, 3]
    assert same_signs(fit.separation.signs, [0.0, -1.0])
    assert fit.limit is not None
    assert fit.limit.proved
    w = fit.coefficients.coef[0]
    assert -1.0 / (1.0 + np.exp(w)) + 2.0 / (1.0 + np.exp(-2.0 * w)) == pytest.approx(0.0, abs=1e-9)


def test_weights_do_not_move_the_witness():
    rng = np.random.default_rng(6)
    p = m1(rng)
    for k in range(5):
        weighted = replace(p, weight=10.0 ** rng.uniform(-5.0 * k, 5.0 * k / 2.0, 200))
        found = fit_of(weighted).separation
        check_witness(weighted, found, (p.X[:, 0] == 1.0).tolist())
        assert same_signs(found.signs, [0.0, 1.0, 0.0])


# --- laws


def built(rng: Rng) -> tuple[Problem, list[bool]]:
    """Return a problem whose separated rows are known, because both sides have a proof.

    Rows off the plane of a known direction are separated by it. Rows in the plane come in groups
    that a positive combination brings to zero, so that nothing moves any of them: one point with
    both classes, or two points of one class and the point between them of the other.
    """
    d = int(rng.integers(1, 5))
    w = rng.integers(-3, 4, d).astype(np.float64)
    w[-1] = rng.choice([-1.0, 1.0])
    b = float(rng.integers(-2, 3))

    def in_plane(count: int, shift: float = 0.0) -> np.ndarray:
        X = columns(rng, count, d)
        X[:, -1] = w[-1] * (shift - b - X[:, :-1] @ w[:-1])
        return X

    parts, targets = [], []
    for _ in range(int(rng.integers(d, 6 * d))):
        ends = in_plane(2)
        if rng.random() < 0.5:
            parts.append(ends[[0, 0]])
            targets.append([0.0, 1.0])
        else:
            y = float(rng.integers(2))
            parts.append(np.vstack([ends, (ends[0] + ends[1]) / 2.0]))
            targets.append([y, y, 1.0 - y])
    mixed = sum(len(part) for part in parts)
    for _ in range(int(rng.integers(1, 20))):
        y = float(rng.integers(2))
        parts.append(in_plane(1, (2.0 * y - 1.0) * (dyadic(rng.lognormal(0.0, 1.0)) + 2.0**-10)))
        targets.append([y])
    X, y = np.vstack(parts), np.concatenate(targets)
    order = rng.permutation(len(y))
    separated = (np.arange(len(y)) >= mixed)[order]
    direction = [Fraction(b), *(Fraction(v) for v in w)]
    return problem(X[order], y[order], direction=direction), separated.tolist()


def test_rows_separated_by_construction_are_found_and_proved():
    for k in range(150):
        rng = np.random.default_rng([7, k])
        p, separated = built(rng)
        d = p.X.shape[1]
        Z = np.column_stack([np.ones(len(p.y)), p.X])
        if np.linalg.matrix_rank(Z / np.abs(Z).max(axis=0)) <= d:
            continue
        fit = fit_of(p)
        assert fit.status == "separated", k
        assert fit.aliased == (), k
        check_witness(p, fit.separation, separated)
        if np.linalg.matrix_rank((Z / np.abs(Z).max(axis=0))[~np.array(separated)]) == d:
            # One direction only: its signs are those of the fate of each coefficient.
            assert same_signs(fit.separation.signs, [float(np.sign(v)) for v in p.direction]), k


small = st.integers(2, 10).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(-2, 2), min_size=3, max_size=3), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
        st.integers(1, 3),
    )
)


def check_against_exact_programs(rows: list, targets: list, d: int, intercept: bool) -> str:
    """Hold a fit of small whole numbers against rational linear programs; return the status."""
    X, y = np.array(rows, dtype=np.float64)[:, :d], np.array(targets, dtype=np.float64)
    assume(0.0 < y.mean() < 1.0)
    p = problem(X, y)
    fit = fit_of(p, intercept)
    kept = fit.coefficients.columns
    assume(intercept or len(kept) > 0)
    exactly = signed_rows(X[:, kept], y, intercept)
    separated = separated_rows(exactly)
    if not any(separated):
        assert fit.status == "proved"
        assert fit.separation.kind == "none"
        return fit.status
    found = fit.separation
    assert fit.status == "separated"
    assert found.kind == ("complete" if all(separated) else "quasi-complete")
    assert found.rows.tolist() == np.flatnonzero(separated).tolist()
    assert found.exact
    assert same_signs(found.signs, signs(exactly))
    margins = reported_margins(problem(X[:, kept], y), found, intercept)
    assert min(margins) >= 0
    assert [m > 0 for m in margins] == separated
    return fit.status


@settings(max_examples=150, deadline=None)
@given(small)
def test_small_whole_numbers_agree_with_rational_programs(case):
    check_against_exact_programs(*case, intercept=True)


@settings(max_examples=150, deadline=None)
@given(small)
def test_small_whole_numbers_without_intercept_agree_with_rational_programs(case):
    """Whatever their rows: also where those that overlap are of one class, or say nothing."""
    check_against_exact_programs(*case, intercept=False)


def test_overlapping_data_are_not_called_separated():
    proved = 0
    for k in range(60):
        rng = np.random.default_rng([8, k])
        p = ordinary(rng, 200, 4) if k % 2 else rough(rng)
        p = replace(p, alpha=np.zeros(p.X.shape[1]))
        separated = len(p.y) < 200 and any(separated_rows(signed_rows(p.X, p.y, True)))
        fit = fit_of(p)
        assert (fit.separation.kind in ("complete", "quasi-complete")) == separated, k
        proved += fit.status == "proved"
        if fit.status == "proved":
            assert fit.separation.kind == "none"
            # Asked anyway, the programs find nothing to move.
            asked = find_separation(p.blocks(), p.frame(), p.blocks().reduce(moments))
            assert asked.kind == "undetermined"
            assert len(asked.rows) == 0
    assert proved > 40


def around_a_threshold(step: float, wrong: bool, second: bool) -> Problem:
    """Two rows next to a threshold, on the wrong sides of it or on the right ones."""
    rng = np.random.default_rng(13)
    x = dyadic(rng.normal(size=100))
    x[np.abs(x) < 0.05] = 0.05
    y = np.append(x > 0.0, [wrong, not wrong])
    X = np.append(x, [-step, step])[:, None]
    if second:
        X = np.column_stack([X, np.append(dyadic(rng.normal(size=100)), [0.0, 0.0])])
    return problem(X, y)


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("power", range(2, 52, 4))
def test_what_is_next_to_a_threshold_is_never_proved_wrongly(power, second):
    """From a quarter to 1e-15: near enough, a witness is numerical; it is never called exact."""
    overlap = fit_of(around_a_threshold(2.0**-power, True, second))
    assert not overlap.separation.exact
    if overlap.status == "proved":
        assert overlap.separation.kind == "none"
    gap = fit_of(around_a_threshold(2.0**-power, False, second))
    assert not gap.certificate.proved
    if gap.separation.exact:
        assert gap.separation.kind == "complete"
        assert len(gap.separation.rows) == 102
    if power < 20:  # a millionth of the spread is seen for what it is
        assert overlap.status == "proved"
        assert gap.separation.exact


@pytest.mark.parametrize("second", [False, True])
def test_an_overlap_that_can_be_proved_is_not_called_separated(second):
    """2^-30 of overlap: Newton needs some twenty steps that look as if they would never end."""
    fit = fit_of(around_a_threshold(2.0**-30, True, second))
    assert fit.status == "proved"
    assert fit.separation.kind == "none"


def test_the_witness_is_the_same_for_any_order_of_rows_and_any_block():
    rng = np.random.default_rng(9)
    p, _ = built(rng)
    whole = fit_of(p).separation
    order = rng.permutation(len(p.y))
    shuffled = fit_of(problem(p.X[order], p.y[order])).separation
    assert sorted(order[shuffled.rows].tolist()) == whole.rows.tolist()
    assert same_signs(shuffled.signs, whole.signs.tolist())
    blocked = fit_blocks(p.blocks(3, threads=2), True, Settings()).separation
    assert blocked.rows.tolist() == whole.rows.tolist()
    assert (blocked.direction == whole.direction).all()


# --- many rows


def test_rows_are_gathered_in_any_order():
    """The programs ask for the rows that object most, first."""
    p = ordinary(np.random.default_rng(12), 50, 2)
    frame = p.frame()
    order = np.array([49, 3, 17, 30, 4, 0])
    whole = SignedBlocks(p.blocks(), frame).gather(np.arange(50))
    for block_rows in (50, 8, 1):
        rows = SignedBlocks(p.blocks(block_rows), frame)
        assert rows.gather(order).shape == (6, 3)
        assert (rows.gather(order) == whole[order]).all()


def test_the_programs_grow_until_all_rows_agree():
    """20,000 rows, of which no few hundred show what the others forbid."""
    rng = np.random.default_rng(10)
    n = 20_000
    g = (rng.random(n) < 0.02).astype(np.float64)
    x = dyadic(rng.normal(size=n))
    y = np.where(g == 1.0, 1.0, rng.random(n) < 1.0 / (1.0 + np.exp(3.0 - x)))
    p = problem(np.column_stack([x, g, dyadic(rng.normal(size=n))]), y)
    fit = fit_of(p)
    assert fit.separation.kind == "quasi-complete"
    assert fit.separation.exact
    assert fit.separation.rows.tolist() == np.flatnonzero(g == 1.0).tolist()
    assert same_signs(fit.separation.signs, [0.0, 0.0, 1.0, 0.0])
    assert fit.limit is not None
    assert fit.limit.proved


def test_one_row_among_many_decides():
    """A threshold separates 20,000 rows but for one, which is none of the first."""
    rng = np.random.default_rng(11)
    n = 20_000
    x = dyadic(rng.normal(size=n)) + 0.5 * 2.0**-10
    X = np.column_stack([x, dyadic(rng.normal(size=n))])
    y = (x > 0.0).astype(np.float64)
    complete = problem(X, y)
    found = find_separation(complete.blocks(), complete.frame(), complete.blocks().reduce(moments))
    assert found.kind == "complete"
    assert found.exact
    y[np.argmax(x)] = 0.0
    broken = problem(X, y)
    assert broken.y[0] == complete.y[0]
    fit = fit_of(broken)
    assert fit.separation.kind in ("none", "undetermined")
    asked = find_separation(broken.blocks(), broken.frame(), broken.blocks().reduce(moments))
    assert len(asked.rows) == 0


# --- rational elimination


def rational(rows: list[list[int]]) -> list[list[Fraction]]:
    return [[Fraction(v) for v in row] for row in rows]


def rank_of(rows: list[list[Fraction]]) -> int:
    """Return the rank, by elimination with whole rows; written here."""
    left, rank = [list(row) for row in rows], 0
    for j in range(len(left[0]) if left else 0):
        lead = next((row for row in left if row[j]), None)
        if lead is None:
            continue
        rank += 1
        left = [
            [a - row[j] / lead[j] * b for a, b in zip(row, lead, strict=True)]
            for row in left
            if row is not lead
        ]
    return rank


matrices = st.integers(1, 5).flatmap(
    lambda p: st.lists(
        st.lists(
            st.fractions(-5, 5, max_denominator=7) | st.just(Fraction(0)), min_size=p, max_size=p
        ),
        min_size=1,
        max_size=6,
    )
)


@settings(deadline=None)
@given(matrices)
def test_a_rational_null_space_is_orthogonal_and_complete(rows):
    p = len(rows[0])
    basis = _rational_null_space(rows, p)
    assert all(sum(a * b for a, b in zip(row, v, strict=True)) == 0 for row in rows for v in basis)
    assert len(basis) == p - rank_of(rows)
    assert rank_of(basis) == len(basis)


def test_rational_null_spaces_at_the_edges():
    assert _rational_null_space([], 2) == rational([[1, 0], [0, 1]])
    assert _rational_null_space(rational([[0, 0, 0]]), 3) == rational(
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    )
    assert _rational_null_space(rational([[1, 2], [3, 4]]), 2) == []
    assert _rational_null_space(rational([[1, 2], [2, 4], [3, 6]]), 2) == rational([[-2, 1]])
    tiny = [[Fraction(1), Fraction(2) ** -1074], [Fraction(1), Fraction(0)]]
    assert _rational_null_space(tiny, 2) == []  # floats would call these rows the same
