"""Newton's method on hard problems, and the columns that add nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from sigmoide.blocks.blocks import array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.errors import AliasedError, ColumnError, TargetError
from sigmoide.fit.driver import fit_blocks
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.frame import Frame
from sigmoide.problem.protocols import Array, Quadratic, Solution
from sigmoide.proof.full_hessian import prove
from sigmoide.results.records import Fit, Settings
from sigmoide.solver.aliasing import aliases, screen, triangle
from sigmoide.solver.newton import newton, newton_step
from support.problems import (
    Problem,
    Rng,
    combination,
    dyadic,
    ordinary,
    problem,
    pure_level,
    weights,
    whole_block,
)
from support.truth import Truth, big, ctx, norm_in


def fit_of(p: Problem, **asked: object) -> Fit:
    return fit_blocks(p.blocks(), True, Settings(**asked))


def at_answer(p: Problem, fit: Fit) -> tuple[Frame, Array]:
    """Return the frame of a fit, and its answer in the coordinates of it."""
    frame = p.frame().keep(fit.coefficients.columns)
    return frame, frame.coordinates(fit.coefficients.intercept, fit.coefficients.coef)


def check_proof(p: Problem, fit: Fit, tol: float = 1e-9) -> None:
    """Check that a fit is proved to the tolerance, and that the proof is true, in fifty digits."""
    assert fit.status == "proved"
    assert fit.certificate.proved
    assert fit.certificate.distance <= tol
    frame, theta = at_answer(p, fit)
    truth = Truth(replace(p, alpha=fit.alpha), frame)
    best = truth.optimum(theta)
    assert best is not None
    here = truth.at(big(theta))
    step = [a - b for a, b in zip(big(theta), best[0], strict=True)]
    assert norm_in(here.hessian, step) <= ctx.mpf(fit.certificate.distance)
    assert here.value - best[1].value <= ctx.mpf(fit.certificate.gap)


# --- Newton alone


@dataclass
class Watched:
    """A problem that notes what is asked of it."""

    inner: BlockProblem
    points: list[Array] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.inner.size

    def quadratic(self, theta: Array) -> Quadratic:
        self.points.append(theta)
        return self.inner.quadratic(theta)


def watched(p: Problem) -> Watched:
    frame = p.frame()
    return Watched(BlockProblem(p.blocks(), frame, frame.penalty(p.alpha)))


def solve(
    q: Watched, start: Array, target: float = 1e-10, steps: int = 200, patience: int = 200
) -> tuple[Solution, list[tuple[int, float, float]]]:
    """Return what Newton finds, and what it told on its way: step, value and decrement."""
    told: list[tuple[int, float, float]] = []
    found = newton(
        q,
        start,
        q.quadratic(start),
        target,
        steps,
        patience,
        lambda count, at, decrement: told.append((count, at.value, decrement)),
    )
    return found, told


def diverges(q: Watched, theta: Array) -> bool:
    """Return whether whole Newton steps from a point leave everything behind."""
    with np.errstate(all="ignore"):
        for _ in range(30):
            at = q.inner.quadratic(theta)
            try:
                theta = theta - np.linalg.solve(at.hessian, at.gradient)
            except np.linalg.LinAlgError:
                return True
            if not np.abs(theta).max() < 1e6:
                return True
    return False


def test_backtracking_leads_home_where_whole_steps_diverge():
    """Weights drawn at random, features as they come: a learner's first start."""
    met = 0
    for k in range(40):
        rng = np.random.default_rng([1, k])
        p = ordinary(rng, 200, 2)
        q = watched(p)
        best, _ = solve(q, np.zeros(3))
        start = rng.normal(size=3) * 8.0
        met += diverges(q, start)
        found, told = solve(q, start)
        assert found.status == "converged"
        values = np.array([value for _, value, _ in told])
        assert (np.diff(values) <= 64 * np.finfo(float).eps * (1.0 + values[:-1])).all()
        H = best.at.hessian
        step = found.theta - best.theta
        assert math.sqrt(step @ H @ step) <= 1e-9
    assert met >= 20  # or backtracking was not needed


def test_a_step_is_one_read_unless_it_has_to_be_shortened():
    p = ordinary(np.random.default_rng(2), 300, 3)
    q = watched(p)
    found, told = solve(q, np.zeros(4))
    assert found.status == "converged"
    assert len(q.points) == found.steps + 1
    assert [count for count, _, _ in told] == list(range(found.steps + 1))
    assert (found.theta == q.points[-1]).all()
    assert q.inner.blocks.reads == found.steps + 1


def test_a_point_that_is_good_enough_is_returned_as_it_is():
    p = ordinary(np.random.default_rng(3), 300, 3)
    q = watched(p)
    found, _ = solve(q, np.zeros(4))
    again, told = solve(q, found.theta)
    assert again.steps == 0
    assert again.status == "converged"
    assert (again.theta == found.theta).all()
    assert len(told) == 1


def test_the_ends_of_newton():
    p = ordinary(np.random.default_rng(4), 300, 3)
    q = watched(p)
    assert solve(q, np.zeros(4), steps=2)[0].status == "limit"
    assert solve(q, np.zeros(4), steps=2)[0].steps == 2
    assert solve(q, np.zeros(4), target=0.0)[0].status == "stalled"
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    apart = watched(problem(x[:, None], x > 0.0))
    assert solve(apart, np.zeros(2), patience=8)[0].status == "drifting"


def test_newton_steps_descend_even_where_the_hessian_is_singular():
    rng = np.random.default_rng(5)
    for k in range(50):
        p = int(rng.integers(1, 6))
        A = rng.normal(size=(max(p - 1, 1), p)) * 10.0 ** rng.uniform(-6.0, 6.0, p)
        H = A.T @ A if k % 5 else np.zeros((p, p))
        g = A.T @ rng.normal(size=len(A))
        step, decrement = newton_step(Quadratic(0.0, g, H))
        assert np.isfinite(step).all()
        assert np.isfinite(decrement)
        assert g @ step < 0.0 or not g.any()
    H = np.diag([4.0, 9.0])
    step, decrement = newton_step(Quadratic(0.0, np.array([8.0, -9.0]), H))
    assert step == pytest.approx([-2.0, 1.0], rel=1e-14)
    assert decrement == pytest.approx(5.0, rel=1e-14)


# --- hard problems, proved


def imbalanced(rng: Rng, n: int, events: int) -> Problem:
    X = rng.normal(size=(n, 2))
    y = np.zeros(n)
    y[rng.choice(n, events, replace=False)] = 1.0
    return problem(X, y)


def test_one_event_in_a_hundred_thousand_rows():
    """The event lies inside the cloud: the maximum exists, and its equations hold."""
    n = 100_001
    p = imbalanced(np.random.default_rng(6), n, 1)
    fit = fit_of(p)
    assert fit.status == "proved"
    assert fit.certificate.distance <= 1e-9
    c = fit.coefficients
    eta = c.intercept + (p.X - c.centre) @ c.coef
    probability = 1.0 / (1.0 + np.exp(-eta))
    assert math.fsum(probability) == pytest.approx(1.0, rel=1e-9)
    for j in range(2):
        weighted = math.fsum(probability * p.X[:, j])
        assert weighted == pytest.approx(float(p.X[p.y == 1.0, j][0]), abs=1e-8)


def test_imbalance_by_weight_is_the_same_as_by_rows():
    """1 : 100,000 as a frequency weight, checked in fifty digits."""
    rng = np.random.default_rng(7)
    p = ordinary(rng, 80, 2)
    check_proof(p := replace(p, weight=np.where(p.y > 0.5, 1.0, 1e5)), fit_of(p))


HARD = {
    "columns from 1e-12 to 1e12": lambda rng: problem(
        (q := ordinary(rng, 80, 4)).X * [1e-12, 1e-4, 1e4, 1e12], q.y
    ),
    "offsets of 50 either way": lambda rng: problem(
        ordinary(rng, 80, 2).X,
        rng.random(80) < 0.5,
        offset=rng.choice([-50.0, 0.0, 50.0], 80, p=[0.1, 0.8, 0.1]),
    ),
    "weights over ten orders": lambda rng: replace(
        ordinary(rng, 80, 2), weight=10.0 ** rng.uniform(-5.0, 5.0, 80)
    ),
    "years and seconds since 1970": lambda rng: problem(
        np.column_stack([rng.integers(1950, 2020, 80), 1.7e9 + 1e5 * rng.normal(size=80)]),
        rng.random(80) < 0.4,
    ),
    "correlated to 1 - 1e-9": lambda rng: problem(
        (x := rng.normal(size=80))[:, None]
        + [[0.0, 0.0]]
        + np.outer(rng.normal(size=80), [0, 5e-5]),
        x + rng.logistic(size=80) > 0.0,
    ),
    "one row of leverage": lambda rng: problem(
        np.vstack([(q := ordinary(rng, 79, 2)).X, [[300.0, -300.0]]]), np.append(q.y, 1.0)
    ),
    "heavy tails": lambda rng: problem(
        rng.lognormal(0.0, 2.0, (80, 2)) * rng.choice([-1.0, 1.0], (80, 2)), rng.random(80) < 0.5
    ),
    "nearly separated": lambda rng: nearly_separated(rng),
    "four rows overlap by a thousandth": lambda rng: nearly_separated(rng, 1e-3),
}


def nearly_separated(rng: Rng, overlap: float = 0.1) -> Problem:
    """A threshold that four rows only are on the wrong side of, by so much.

    Each side's two lie on either side of the other column, so that it cannot set them apart.
    """
    x = np.abs(dyadic(rng.normal(size=76))) + 0.25
    x = x * rng.permutation(np.repeat([-1.0, 1.0], 38))
    wrong = overlap * np.array([[-1.0, -3.0], [-1.0, 3.0], [1.0, -3.0], [1.0, 3.0]])
    X = np.vstack([np.column_stack([x, rng.normal(size=76)]), wrong])
    return problem(X, np.append(x > 0.0, [True, True, False, False]))


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("seed", range(4))
def test_hard_problems_are_solved_and_proved_and_the_proofs_are_true(name, seed):
    p = HARD[name](np.random.default_rng([8, seed]))
    tol = 1e-6 if name == "correlated to 1 - 1e-9" else 1e-9
    check_proof(p, fit_of(p), tol)


def test_power_of_two_scales_change_no_bit():
    """From 2^-40 to 2^40, about 1e-12 to 1e12."""
    rng = np.random.default_rng(9)
    p = problem(ordinary(rng, 200, 3).X, rng.random(200) < 0.4, weights(rng, 200))
    one = fit_of(p)
    for exponents in ([-40, 0, 40], [40, 40, 40], [7, -33, 12]):
        scaled = fit_of(replace(p, X=np.ldexp(p.X, exponents)))
        assert (
            scaled.coefficients.coef == np.ldexp(one.coefficients.coef, np.negative(exponents))
        ).all()
        assert scaled.coefficients.intercept == one.coefficients.intercept
        assert scaled.certificate == one.certificate
        assert scaled.steps == one.steps


@pytest.mark.parametrize("factor", [1e-149, 1e-100, 1e-12, 1e12, 1e100, 1e149])
def test_any_scale_of_a_column_leaves_the_optimum(factor):
    """Also where its square is not a float."""
    rng = np.random.default_rng(10)
    p = ordinary(rng, 200, 2)
    one, scaled = fit_of(p), fit_of(replace(p, X=p.X * [factor, 1.0]))
    assert scaled.status == "proved"
    assert scaled.aliased == ()
    assert scaled.coefficients.coef * [factor, 1.0] == pytest.approx(
        one.coefficients.coef, rel=1e-9
    )


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_columns_whose_squares_are_no_floats_are_refused(factor):
    p = ordinary(np.random.default_rng(10), 200, 2)
    with np.errstate(over="ignore"), pytest.raises(ColumnError, match="'x0' reaches"):
        fit_of(replace(p, X=p.X * [factor, 1.0]))


@pytest.mark.parametrize("factor", [1e-24, 1e-16, 1e-12, 1e12, 1e16, 1e24])
def test_any_scale_of_the_weights_leaves_the_optimum(factor):
    """Standard errors change with it, estimates do not; small weights must not stop the solver."""
    p = ordinary(np.random.default_rng(11), 200, 2)
    one, scaled = fit_of(p), fit_of(replace(p, weight=p.weight * factor))
    assert scaled.status == "proved"
    # Within its own standard errors, which a small factor makes large and a large one small.
    near = 1e-9 * max(1.0, factor**-0.5)
    assert np.abs(scaled.coefficients.coef - one.coefficients.coef).max() <= max(near, 1e-9)


def test_weights_are_repetitions():
    rng = np.random.default_rng(12)
    p = ordinary(rng, 100, 2)
    times = rng.integers(1, 6, 100)
    weighted = fit_of(replace(p, weight=times.astype(np.float64)))
    repeated = fit_of(problem(np.repeat(p.X, times, axis=0), np.repeat(p.y, times)))
    assert weighted.coefficients.coef == pytest.approx(repeated.coefficients.coef, rel=1e-12)
    assert weighted.totals.loglik == pytest.approx(repeated.totals.loglik, rel=1e-13)


def test_an_offset_that_is_a_column_moves_its_coefficient_by_one():
    rng = np.random.default_rng(13)
    p = ordinary(rng, 200, 2)
    plain, moved = fit_of(p), fit_of(replace(p, offset=3.0 * p.X[:, 1]))
    expected = plain.coefficients.coef - np.array([0.0, 3.0])
    assert moved.coefficients.coef == pytest.approx(expected, rel=1e-9)


def test_without_columns_the_intercept_is_the_log_odds():
    y = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    p = problem(np.empty((5, 0)), y, np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    fit = fit_of(p)
    assert fit.status == "proved"
    assert fit.coefficients.intercept == pytest.approx(math.log(5.0 / 10.0), rel=1e-15)
    assert fit.totals.loglik == pytest.approx(fit.totals.null_loglik, rel=1e-14)


def test_one_class_only_is_refused():
    with pytest.raises(TargetError, match="one class"):
        fit_of(problem(np.ones((3, 1)), np.ones(3)))


def test_the_certificate_of_a_fit_is_that_of_its_answer():
    """What ``prove`` says of the answer, from outside, is what the fit said: to the bit."""
    p = ordinary(np.random.default_rng(14), 300, 3)
    fit = fit_of(p)
    frame, theta = at_answer(p, fit)
    assert prove(p.blocks(), frame, theta, p.alpha).certificate == fit.certificate


# --- aliased columns


def named(p: Problem, names: tuple[str, ...], **asked: object) -> Fit:
    blocks = p.blocks()
    blocks.names = names
    return fit_blocks(blocks, True, Settings(**asked))


def wages(rng: Rng, n: int = 100) -> tuple[Array, Array, Array]:
    """Return education, experience, and age = 6 + education + experience."""
    education = rng.integers(6, 19, n).astype(np.float64)
    experience = rng.integers(0, 45, n).astype(np.float64)
    return education, experience, 6.0 + education + experience


def test_a_combination_is_named_as_it_is():
    rng = np.random.default_rng(15)
    education, experience, age = wages(rng)
    y = rng.random(100) < 0.4
    fit = named(
        problem(np.column_stack([education, experience, age]), y),
        ("education", "experience", "age"),
    )
    (found,) = fit.aliased
    assert (found.name, found.constant) == ("age", 6.0)
    assert found.weights == {"education": 1.0, "experience": 1.0}
    assert str(found) == "6 + education + experience"
    assert fit.status == "proved"
    assert fit.coefficients.columns.tolist() == [0, 1]
    # Whatever comes last is the combination of what comes before.
    fit = named(
        problem(np.column_stack([age, education, experience]), y),
        ("age", "education", "experience"),
    )
    (found,) = fit.aliased
    assert (found.name, found.constant) == ("experience", -6.0)
    assert found.weights == {"age": 1.0, "education": -1.0}


def test_a_combination_is_named_in_the_units_of_its_columns():
    rng = np.random.default_rng(16)
    education, experience, age = wages(rng)
    y = rng.random(100) < 0.4
    fit = named(
        problem(np.column_stack([education, 12.0 * experience, 12.0 * age]), y),
        ("education", "months", "age_in_months"),
    )
    (found,) = fit.aliased
    assert (found.name, found.constant) == ("age_in_months", 72.0)
    assert found.weights == {"education": 12.0, "months": 1.0}


def test_constants_duplicates_and_a_full_set_of_dummies():
    rng = np.random.default_rng(17)
    level = rng.integers(3, size=90)
    x = rng.normal(size=90)
    X = np.column_stack(
        [np.full(90, 0.1), x, level == 0, level == 1, x, level == 2, np.zeros(90), -4.0 * x]
    ).astype(np.float64)
    names = ("c", "x", "a", "b", "again", "rest", "nothing", "minus")
    p = problem(X, rng.random(90) < 0.5)
    fit = named(p, names)
    assert [found.name for found in fit.aliased] == ["c", "again", "rest", "nothing", "minus"]
    c, again, rest, nothing, minus = fit.aliased
    assert (c.constant, c.weights) == (0.1, {})
    assert (again.constant, again.weights) == (0.0, {"x": 1.0})
    assert (rest.constant, rest.weights) == (1.0, {"a": -1.0, "b": -1.0})
    assert (nothing.constant, nothing.weights) == (0.0, {})
    assert (minus.constant, minus.weights) == (0.0, {"x": -4.0})
    # What is left is fitted as if the others had never been.
    alone = fit_of(problem(X[:, [1, 2, 3]], p.y))
    assert fit.coefficients.coef == pytest.approx(alone.coefficients.coef, rel=1e-12)
    assert fit.certificate.proved
    assert alone.certificate.proved


def test_any_whole_combination_is_found_and_named_exactly():
    checked = 0
    for k in range(200):
        rng = np.random.default_rng([18, k])
        p = combination(rng)
        d = p.X.shape[1]
        size = np.maximum(np.abs(p.X).max(axis=0), 1e-300)
        others = np.column_stack([np.ones(len(p.y)), p.X[:, :-1] / size[:-1]])
        if np.linalg.matrix_rank(others, tol=1e-6) < d or not 0.0 < p.y.mean() < 1.0:
            continue
        fit = fit_of(p)
        (found,) = fit.aliased
        known = [-v / p.direction[-1] for v in p.direction]
        assert found.name == f"x{d - 1}"
        # Exactly where the weights are whole numbers; else to the digits that are left.
        whole = [v.denominator == 1 and abs(v) < 2**20 for v in known[:-1]]
        for j, (v, is_whole) in enumerate(zip(known[1:-1], whole[1:], strict=True)):
            weight = found.weights.get(f"x{j}", 0.0)
            if is_whole:
                assert weight == v, k
            else:
                assert weight == pytest.approx(float(v), rel=1e-9), k
        reach = float(size[-1])
        assert abs(found.constant - float(known[0])) <= 1e-9 * max(abs(known[0]), reach), k
        checked += 1
    assert checked > 120


def test_aliased_columns_can_be_refused():
    rng = np.random.default_rng(19)
    X = np.column_stack(wages(rng))
    with pytest.raises(AliasedError, match=r"age = 6 \+ education \+ experience"):
        named(
            problem(X, rng.random(100) < 0.4), ("education", "experience", "age"), aliased="error"
        )


def test_with_a_ridge_every_column_stays():
    rng = np.random.default_rng(20)
    p = problem(np.column_stack(wages(rng)), rng.random(100) < 0.4)
    fit = fit_of(p, l2=1.0)
    assert fit.aliased == ()
    assert fit.coefficients.columns.tolist() == [0, 1, 2]
    check_proof(p, fit)


def test_a_column_with_something_new_in_it_stays():
    """Down to a share of 1e-5, which is far above the rounding with which it is held.

    A proof needs more than that: there the terms of eta are 1e5 times as large as eta itself.
    """
    for k in range(40):
        rng = np.random.default_rng([21, k])
        share = 10.0 ** rng.uniform(-5.0, 0.0)
        X = rng.normal(size=(100, 3))
        X[:, 2] = X[:, 0] - X[:, 1] + share * rng.normal(size=100)
        fit = fit_of(problem(X, rng.random(100) < 0.5))
        assert fit.aliased == ()
        assert fit.coefficients.columns.tolist() == [0, 1, 2]
        assert fit.status == "proved" or (fit.status == "undetermined" and share < 1e-3)


def test_a_column_that_rounding_alone_keeps_from_a_combination_is_one():
    for k in range(20):
        rng = np.random.default_rng([22, k])
        X = rng.normal(rng.choice([0.0, 1e6]), 1.0, (100, 3)) * 10.0 ** rng.uniform(-8.0, 8.0)
        X[:, 2] = 0.3 * X[:, 0] + 0.7 * X[:, 1]
        fit = fit_of(problem(X, rng.random(100) < 0.5))
        (found,) = fit.aliased
        assert found.name == "x2"
        assert found.weights == pytest.approx({"x0": 0.3, "x1": 0.7}, rel=1e-6)
        assert fit.status == "proved"


def test_the_triangles_of_parts_add_to_that_of_the_whole():
    for k in range(30):
        rng = np.random.default_rng([23, k])
        n, p = int(rng.integers(1, 60)), int(rng.integers(1, 6))
        Z = rng.normal(size=(n, p)) * 10.0 ** rng.uniform(-5.0, 5.0, p)
        cuts = np.sort(rng.integers(0, n + 1, 4))
        parts = [triangle(part) for part in np.split(Z, cuts)]
        added = parts[0] + parts[1] + (parts[2] + parts[3]) + parts[4]
        whole = triangle(Z)
        assert added.R.shape == whole.R.shape == (min(n, p), p)
        assert (np.tril(added.R, -1) == 0.0).all()
        size = np.linalg.norm(Z, axis=0)
        gram, expected = added.R.T @ added.R, Z.T @ Z
        assert (np.abs(gram - expected) <= 1e-14 * n * np.outer(size, size)).all()
        if n >= p:
            # Unique up to the signs of rows.
            apart = np.abs(np.abs(added.R) - np.abs(whole.R)) / size
            assert apart.max() <= 1e-12


def test_aliases_of_a_triangle_are_those_of_its_rows():
    rng = np.random.default_rng(24)
    Z = rng.normal(size=(50, 5))
    Z[:, 2] = 2.0 * Z[:, 0] - Z[:, 1]
    Z[:, 4] = Z[:, 3]
    for rows in (triangle(Z).R, Z):
        first, second = aliases(rows, np.full(5, 1e-15))
        assert (first.column, first.of) == (2, (0, 1))
        assert first.weights == pytest.approx([2.0, -1.0], rel=1e-12)
        assert (second.column, second.of) == (4, (0, 1, 3))
        assert second.weights == pytest.approx([0.0, 0.0, 1.0], abs=1e-12)
    assert aliases(triangle(Z[:, [0, 1, 3]]).R, np.zeros(3)) == []
    (zero,) = aliases(np.array([[1.0, 0.0], [0.0, 0.0]]), np.zeros(2))
    assert (zero.column, zero.of, zero.weights.tolist()) == (1, (0,), [0.0])


def test_an_alias_shows_through_columns_that_are_nearly_aliased_themselves():
    """The second is new by a millionth only; the third is found to be made of both."""
    for k in range(20):
        rng = np.random.default_rng([28, k])
        Z = rng.normal(size=(60, 4))
        Z[:, 1] = Z[:, 0] + 1e-6 * Z[:, 1]
        Z[:, 2] = rng.normal() * Z[:, 0] + rng.normal() * Z[:, 1]
        (found,) = aliases(triangle(Z).R, np.zeros(4))
        assert (found.column, found.of) == (2, (0, 1))


def test_the_screen_lets_no_aliased_hessian_through():
    for k in range(60):
        rng = np.random.default_rng([25, k])
        p = combination(rng)
        frame = p.frame()
        H = (
            BlockProblem(p.blocks(), frame, np.zeros(frame.size))
            .quadratic(np.zeros(frame.size))
            .hessian
        )
        assert screen(H), k
        q = ordinary(rng, 100, 3)
        Z = q.frame().design(whole_block(q))
        assert not screen(Z.T @ Z * 10.0 ** rng.uniform(-9.0, 9.0))
    assert screen(np.zeros((2, 2)))
    assert screen(np.full((2, 2), np.nan))


def test_separated_and_aliased_at_once_says_both():
    rng = np.random.default_rng(26)
    p = pure_level(rng)
    X = np.column_stack([p.X, p.X[:, -1]])
    fit = fit_of(problem(X, p.y))
    assert f"x{X.shape[1] - 1}" in {found.name for found in fit.aliased}
    assert fit.status == "separated"
    assert fit.separation.exact


def test_the_first_read_learns_enough_to_refuse_and_to_start():
    """Moments, the start, the steps, two reads of proof: a fit is a handful of reads."""
    p = ordinary(np.random.default_rng(27), 500, 3)
    blocks = p.blocks()
    fit = fit_blocks(blocks, True, Settings())
    assert fit.reads == blocks.reads == 1 + 1 + fit.steps + 2
    assert blocks.reduce(moments).rows == 500


@pytest.mark.parametrize(
    "offset",
    [
        lambda rng, n: np.full(n, 50.0),
        lambda rng, n: np.full(n, -700.0),
        lambda rng, n: rng.choice([-30.0, 30.0], n),
        lambda rng, n: rng.choice([-50.0, 50.0], n),
        lambda rng, n: rng.uniform(-50.0, 50.0, n),
    ],
    ids=["all 50", "all -700", "30 either way", "50 either way", "up to 50"],
)
def test_rows_that_begin_saturated_are_solved_and_proved(offset):
    """Where every p(1-p) is next to nothing, Newton's step is far too long: it is cut short."""
    rng = np.random.default_rng(4)
    n = 2000
    x = rng.normal(size=n)
    y = (rng.random(n) < 1.0 / (1.0 + np.exp(-x))).astype(float)
    o = offset(rng, n)
    blocks = array_blocks(x[:, None], y, np.ones(n), o, ("x",))
    fit = fit_blocks(blocks, True, Settings())
    assert fit.certificate.proved
    assert fit.reads < 40
    if len(set(o)) == 1:
        plain = array_blocks(x[:, None], y, np.ones(n), np.zeros(n), ("x",))
        other = fit_blocks(plain, True, Settings()).coefficients
        np.testing.assert_allclose(fit.coefficients.coef, other.coef, rtol=1e-9)
        assert fit.coefficients.intercept + o[0] == pytest.approx(other.intercept, abs=1e-9)
