"""The engine for many rows: sampled start, one-read steps, proof by a sample of the rows.

Every problem here is large enough that ``solver.choose`` takes that way. The answer is compared
with the full proof, which shares nothing with the solver: two reads of all rows in float64.
"""

from __future__ import annotations

import numpy as np
import pytest

from sigmoide.data.memory import MemoryBlocks
from sigmoide.data.moments import moments
from sigmoide.data.sample import draw, places_of
from sigmoide.kernels.frame import frame_of
from sigmoide.model.fit import fit_blocks
from sigmoide.model.problem import BlockProblem
from sigmoide.model.prove import METHOD, prove
from sigmoide.model.records import Reading, Settings
from sigmoide.model.sampled_proof import SAMPLED
from sigmoide.report.reading import reading_line
from sigmoide.solver.choose import plan, sampled_cost
from sigmoide.solver.quasi import quasi_newton
from sigmoide.solver.sampled import sampled_start

N, D = 30_000, 40


def drawn(seed=0, n=N, d=D, slope=0.5, base=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    eta = X[:, :5].sum(axis=1) * slope + base
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    return X, y


def blocks_of(X, y, weight=None, offset=None, **kwargs):
    n = len(y)
    return MemoryBlocks(
        X,
        y,
        np.ones(n) if weight is None else weight,
        np.zeros(n) if offset is None else offset,
        tuple(f"x{j}" for j in range(X.shape[1])),
        **kwargs,
    )


def imbalance(odds):
    X, y = drawn(1)
    rng = np.random.default_rng(2)
    eta = 0.7 * X[:, 0]
    p = np.exp(eta - np.log(odds))
    y = (rng.random(N) < p).astype(float)
    y[:3] = 1.0
    return X, y, None, None


def scaled():
    X, y = drawn(3)
    return X * np.logspace(-12, 12, D), y, None, None


def near_separable():
    X, y = drawn(4, slope=12.0)
    return X, y, None, None


def sorted_by_class():
    X, y = drawn(5)
    order = np.argsort(y, kind="stable")
    return X[order], y[order], None, None


def duplicated():
    X, _ = drawn(6)
    again = np.repeat(np.arange(N // 100), 100)
    rng = np.random.default_rng(0)
    return X[again], (rng.random(N) < 0.5).astype(float), None, None


def weights_over_ten_orders():
    X, y = drawn(7)
    return X, y, 10.0 ** np.random.default_rng(0).uniform(-5, 5, size=N), None


def offsets_of_fifty():
    X, y = drawn(8)
    return (
        X,
        y,
        None,
        np.random.default_rng(0).choice([-50.0, 0.0, 50.0], size=N, p=[0.1, 0.8, 0.1]),
    )


def timestamps():
    X, y = drawn(9)
    X[:, 1] = 1.7e9 + np.round(1e6 * X[:, 1])
    return X, y, None, None


def heavy_tails():
    X, y = drawn(10)
    X[:, 5:] = np.random.default_rng(0).standard_t(2, size=(N, D - 5))
    return X, y, None, None


HARD = {
    "1:1000": lambda: imbalance(1000),
    "1:10000": lambda: imbalance(10_000),
    "scaled": scaled,
    "near-separable": near_separable,
    "sorted": sorted_by_class,
    "duplicated": duplicated,
    "weights": weights_over_ten_orders,
    "offsets": offsets_of_fifty,
    "timestamps": timestamps,
    "heavy tails": heavy_tails,
}


@pytest.mark.parametrize("l2", [1.0, 0.0])
@pytest.mark.parametrize("name", HARD)
def test_hard_starts_converge_and_are_proved(name, l2):
    X, y, weight, offset = HARD[name]()
    blocks = blocks_of(X, y, weight, offset)
    assert plan(blocks.n_rows, D + 1).way == "sampled"
    found = fit_blocks(blocks, True, Settings(l2=l2, tol=1e-6, inference=False))
    assert found.status == "proved"
    assert found.certificate.distance <= 1e-6
    # the full proof at the same point: nothing that the sample promised is broken
    kept = found.coefficients
    frame = frame_of(blocks.reduce(moments), True)
    theta = frame.coordinates(kept.intercept, kept.coef)
    full = prove(blocks, frame, theta, np.full(D, l2)).certificate
    assert full.proved
    assert full.decrement - full.rounding <= found.certificate.distance
    assert full.gap - full.rounding**2 <= found.certificate.gap + full.rounding


def test_the_proof_by_a_sample_costs_no_read():
    X, y = drawn()
    blocks = blocks_of(X, y)
    found = fit_blocks(blocks, True, Settings(l2=1.0, tol=1e-6, inference=False))
    assert found.certificate.method == SAMPLED
    assert found.certificate.reads == 0
    # the moments, and one read a point; samples are no reads
    assert found.reads == 1 + found.steps + 1


def test_standard_errors_take_the_full_hessian():
    X, y = drawn()
    found = fit_blocks(blocks_of(X, y), True, Settings(tol=1e-9))
    assert found.certificate.method == METHOD
    assert found.certificate.distance <= 1e-9
    assert found.coefficients.covariance is not None
    lean = fit_blocks(blocks_of(X, y), True, Settings(tol=1e-9, inference=False))
    assert lean.coefficients.covariance is None
    se = np.sqrt(np.diag(found.coefficients.covariance))[1:]
    assert np.max(np.abs(found.coefficients.coef - lean.coefficients.coef) / se) <= 2e-9


def test_both_ways_lead_to_the_same_optimum():
    X, y = drawn(11)
    blocks = blocks_of(X, y)
    found = fit_blocks(blocks, True, Settings(tol=1e-10))
    small = blocks_of(X[:8000], y[:8000])
    assert plan(8000, D + 1).way == "newton"
    assert fit_blocks(small, True, Settings(tol=1e-10)).certificate.proved
    frame = frame_of(blocks.reduce(moments), True)
    problem = BlockProblem(blocks, frame, np.zeros(D + 1))
    theta = frame.coordinates(found.coefficients.intercept, found.coefficients.coef)
    at = problem.quadratic(theta)
    step = np.linalg.solve(at.hessian, at.gradient)
    assert np.sqrt(at.gradient @ step) <= 1e-10


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_types_and_layouts(dtype, order):
    X, y = drawn(12)
    X = np.asarray(X, dtype=dtype, order=order)
    found = fit_blocks(blocks_of(X, y), True, Settings(l2=1.0, tol=1e-6, inference=False))
    wide = fit_blocks(
        blocks_of(X.astype(np.float64), y), True, Settings(l2=1.0, tol=1e-6, inference=False)
    )
    assert found.status == "proved"
    np.testing.assert_allclose(found.coefficients.coef, wide.coefficients.coef, rtol=0, atol=1e-7)


@pytest.mark.parametrize("inference", [True, False])
def test_the_same_bits_for_any_number_of_threads(inference):
    X, y = drawn(13)
    fits = [
        fit_blocks(blocks_of(X, y, threads=t), True, Settings(inference=inference))
        for t in (1, 2, 5)
    ]
    assert len({f.coefficients.coef.tobytes() for f in fits}) == 1
    assert len({f.certificate for f in fits}) == 1
    if inference:
        assert len({f.coefficients.covariance.tobytes() for f in fits}) == 1


def test_aliased_and_separated_data_are_seen_on_this_way_too():
    X, y = drawn(14)
    aliased = X.copy()
    aliased[:, 7] = aliased[:, 2] - aliased[:, 3]
    found = fit_blocks(blocks_of(aliased, y), True, Settings())
    assert [str(a) for a in found.aliased] == ["x2 - x3"]
    assert found.status == "proved"
    apart = X.copy()
    apart[:, 7] = 0.0
    apart[:50, 7] = 1.0
    split = y.copy()
    split[:50] = 1.0
    for inference in (True, False):
        found = fit_blocks(blocks_of(apart, split), True, Settings(inference=inference))
        assert found.status == "separated"
        assert found.separation.rows.tolist() == list(range(50))
        assert not found.certificate.proved


def test_without_an_intercept():
    X, y = drawn(15)
    found = fit_blocks(blocks_of(X + 3.0, y), False, Settings(tol=1e-7, inference=False))
    assert found.status == "proved"
    frame = frame_of(blocks_of(X + 3.0, y).reduce(moments), False)
    theta = frame.coordinates(0.0, found.coefficients.coef)
    assert prove(blocks_of(X + 3.0, y), frame, theta, np.zeros(D)).certificate.distance <= 1e-6


def test_the_plan_is_a_choice_by_cost():
    assert plan(500, 10).way == "newton"
    assert plan(1000, 900).way == "newton"  # a sample would be most of the rows
    for rows, size in [(1_000_000, 31), (1_000_000, 101), (10_000_000, 11), (200_000, 501)]:
        chosen = plan(rows, size)
        assert chosen.way == "sampled"
        assert 20 * size <= chosen.sample <= rows // 3
        for other in (chosen.sample // 2, chosen.sample * 2):
            if 20 * size <= other <= rows // 3:
                assert (
                    sampled_cost(chosen.sample, rows, size) <= sampled_cost(other, rows, size) + 0.1
                )


def test_a_useless_preconditioner_is_noticed():
    """Steps that do not shrink the error end as drifting: the caller switches to full Hessians."""
    X, y = drawn(16, n=3000, d=10)
    blocks = blocks_of(X * np.logspace(0, 3, 10), y)
    frame = frame_of(blocks.reduce(moments), True)
    problem = BlockProblem(blocks, frame, np.zeros(11))
    factor = (np.diag(np.sqrt(np.logspace(0, 14, 11) * 1e6)), True)
    found = quasi_newton(problem, np.zeros(11), factor, 1e-9, 200)
    assert found.status in ("drifting", "stalled", "limit")


def test_the_sampled_start_is_near_the_optimum():
    X, y = drawn(17)
    blocks = blocks_of(X, y)
    frame = frame_of(blocks.reduce(moments), True)
    problem = BlockProblem(blocks, frame, np.zeros(D + 1))
    start = sampled_start(problem, problem.rows, np.zeros(D + 1), 5000, np.arange(D + 1) > 0)
    at = problem.quadratic(start.theta)
    step = np.linalg.solve(at.hessian, at.gradient)
    # off by the sample's own noise, not by more
    assert np.sqrt(at.gradient @ step) <= 3 * np.sqrt(N / 5000 * (D + 1))
    assert np.linalg.norm(start.hessian / at.hessian.diagonal().mean()) > 0


@pytest.mark.parametrize("rate", [0.5, 0.02, 0.001])
def test_draws_stand_for_all_rows(rate):
    rng = np.random.default_rng(0)
    y = np.sort((rng.random(50_000) < rate).astype(float))

    def drawn_of(rows, seed):
        events = int(y.sum())
        return places_of(draw(len(y) - events, events, rows, seed), y)

    positions, factors = drawn_of(2000, 0)
    assert (np.diff(positions) > 0).all()
    assert factors.sum() == pytest.approx(50_000)
    assert factors @ y[positions] == pytest.approx(y.sum(), rel=1e-3)
    assert y[positions].sum() >= min(y.sum(), 400)
    assert drawn_of(2000, 0)[0].tolist() == positions.tolist()
    assert drawn_of(2000, 1)[0].tolist() != positions.tolist()
    everything, ones = drawn_of(60_000, 0)
    assert len(everything) == 50_000
    assert (ones == 1.0).all()


# --- told on the way


def test_every_step_is_told_with_a_gap_that_holds():
    X, y = drawn(21)
    told = []
    fit = fit_blocks(blocks_of(X, y), True, Settings(l2=1.0, inference=False), told.append)
    assert [r.reads for r in told] == sorted(r.reads for r in told)
    assert told[-1].reads <= fit.reads
    steps = [r for r in told if r.value is not None]
    assert len(steps) == len(fit.history) >= 3
    least = fit.history[-1].value - fit.certificate.gap
    known = [r for r in steps if r.gap is not None]
    assert known, "no gap was ever proved on the way"
    for reading in known:
        assert reading.value - reading.gap <= least * (1 + 1e-12)
    assert all(r.rows == len(y) and r.rows_per_second > 0 for r in told)
    assert any(r.left is not None for r in steps)


@pytest.mark.parametrize("inference", [True, False])
@pytest.mark.parametrize("rows", [2000, N])
def test_a_fit_that_is_told_to_stop_says_where_it_is(rows, inference):
    X, y = drawn(22, n=rows)
    settings = Settings(l2=1.0, inference=inference, tol=1e-12)
    whole = fit_blocks(blocks_of(X, y), True, settings)

    def enough(reading):
        return reading.decrement is not None and reading.decrement < 30.0

    fit = fit_blocks(blocks_of(X, y), True, settings, enough)
    assert fit.status == "not converged"
    assert fit.reads <= whole.reads
    assert len(fit.history) < len(whole.history)
    assert fit.history[-1].decrement < 30.0
    # What is proved of the place is true of it.
    if fit.certificate.proved:
        assert fit.history[-1].value - fit.certificate.gap <= whole.history[-1].value * (1 + 1e-12)


def test_a_separated_fit_that_is_told_to_stop_stops():
    X, y = drawn(23, n=3000)
    y = (X[:, 0] > 0).astype(float)
    fit = fit_blocks(blocks_of(X, y), True, Settings(), lambda r: r.decrement is not None)
    assert fit.status in ("undetermined", "not converged")
    assert fit.separation.kind == "none"


@pytest.mark.parametrize(
    ("reading", "shown", "line"),
    [
        (Reading(3, "5 rows"), None, "read 3: 5 rows"),
        (Reading(3, "5 rows"), 2, "read 3: 5 rows"),
        (Reading(5, "5 rows"), 2, "reads 3-5: 5 rows"),
        (
            Reading(5, "step 2", 10, 1.0, 3.25, 1e-3),
            4,
            "read 5: step 2, 1.0e-03 s.e. to go, objective 3.250000",
        ),
        (
            Reading(5, "step 2", 4_000_000, 10.0, 3.25, 1e-3, 2e-5, 7.0),
            4,
            "read 5: step 2, 1.0e-03 s.e. to go, proved within 2.0e-05 of the least, "
            "2.0 M rows/s, about 7 s left",
        ),
        (
            Reading(2, "step 0", 1000, 10.0, 3.25, 1e-3, None, 600.0),
            1,
            "read 2: step 0, 1.0e-03 s.e. to go, objective 3.250000, 200 rows/s, about 10 min left",
        ),
        (
            Reading(2, "step 0", 1000, 10.0, 3.25, 1e-3, None, 9000.0),
            1,
            "read 2: step 0, 1.0e-03 s.e. to go, objective 3.250000, 200 rows/s, about 2.5 h left",
        ),
    ],
)
def test_the_line_of_a_read(reading, shown, line):
    assert reading_line(reading, shown) == line
