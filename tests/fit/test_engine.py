"""The engine: every way of the solver, on what solvers fail on; its plan, its proofs, its switches.

The answer is compared with the full proof, which shares nothing with the solver: two reads of all
rows in float64.
"""

from __future__ import annotations

import numpy as np
import pytest

from sigmoide.blocks.moments import moments
from sigmoide.blocks.sample import draw, places_of
from sigmoide.fit import driver as engine
from sigmoide.fit.driver import fit_blocks
from sigmoide.kernels.tiles import worth_compiling
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.frame import frame_of
from sigmoide.proof.by_ridge import RIDGE
from sigmoide.proof.by_sample import LAST, SAMPLED
from sigmoide.proof.full_hessian import prove
from sigmoide.report.text import reading_line
from sigmoide.results.records import Reading, Settings
from sigmoide.solver.choose import (
    Plan,
    best_sample,
    most_sampled,
    newton_reads,
    plan,
    sampled_reads,
)
from sigmoide.solver.newton import Factored, factored
from sigmoide.solver.quasi_newton import quasi_newton
from sigmoide.solver.sampled import sampled_start
from support.hard import HARD, blocks_of
from support.hard import drawn as drawn_rows

N, D = 30_000, 40


def drawn(seed=0, n=N, d=D):
    X, y, _, _ = drawn_rows(n, d, seed)
    return X, y


def lean(l2, tol=1e-6):
    return Settings(l2=l2, tol=tol, inference=False)


def check_proved(blocks, found, l2, tol=1e-6):
    """Hold a fit against the full proof at the same point: nothing that was promised is broken."""
    assert found.status == "proved"
    assert found.certificate.distance <= tol
    kept = found.coefficients
    frame = frame_of(blocks.reduce(moments), True)
    theta = frame.coordinates(kept.intercept, kept.coef)
    full = prove(blocks, frame, theta, np.full(len(kept.coef), l2)).certificate
    assert full.proved
    assert full.decrement - full.rounding <= found.certificate.distance
    assert full.gap - full.rounding**2 <= found.certificate.gap + full.rounding


@pytest.fixture
def way(request, monkeypatch):
    """Let fits take a way whatever it costs."""
    sample = {"newton": 0, "sampled": 600, "diagonal": 0}[request.param]
    chosen = Plan(request.param, sample)
    monkeypatch.setattr(engine, "plan", lambda rows, size: chosen)
    return request.param


@pytest.mark.parametrize("l2", [1.0, 0.0])
@pytest.mark.parametrize("name", HARD)
def test_hard_starts_converge_and_are_proved(name, l2):
    rows = HARD[name](N, D)
    assert plan(N, D + 1).solver == "sampled"
    blocks = blocks_of(*rows)
    check_proved(blocks, fit_blocks(blocks, True, lean(l2)), l2)


@pytest.mark.parametrize("way", ["newton", "sampled", "diagonal"], indirect=True)
@pytest.mark.parametrize("l2", [1.0, 0.0])
@pytest.mark.parametrize("name", HARD)
def test_hard_starts_converge_and_are_proved_on_every_way(name, l2, way):
    blocks = blocks_of(*HARD[name](4000, 12))
    check_proved(blocks, fit_blocks(blocks, True, lean(l2)), l2)


@pytest.mark.parametrize("l2", [1.0, 0.0])
def test_one_event_in_a_hundred_thousand_rows(l2):
    blocks = blocks_of(*HARD["1:100000"](1_000_000, 4))
    assert plan(1_000_000, 5).solver == "sampled"
    check_proved(blocks, fit_blocks(blocks, True, lean(l2)), l2)


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
    assert found.certificate.distance <= 1e-9
    # The moments, a point for each Newton step, and no read for the proof.
    assert (found.certificate.method, found.certificate.reads) == (LAST, 0)
    assert found.reads == 1 + found.steps + 1
    assert found.coefficients.covariance is not None
    lean = fit_blocks(blocks_of(X, y), True, Settings(tol=1e-9, inference=False))
    assert lean.coefficients.covariance is None
    se = np.sqrt(np.diag(found.coefficients.covariance))[1:]
    assert np.max(np.abs(found.coefficients.coef - lean.coefficients.coef) / se) <= 2e-9


def test_no_row_is_read_for_a_proof_that_rounding_forbids():
    X, y = drawn()
    found = fit_blocks(blocks_of(X, y), True, Settings(tol=1e-14))
    assert (found.status, found.certificate.method) == ("proved", LAST)
    assert found.certificate.distance > 1e-14
    assert found.reads == 1 + found.steps + 1
    full = prove_at(blocks_of(X, y), found)
    assert full.proved
    assert full.distance > 1e-14


def test_of_two_proofs_the_sharper_one_is_kept():
    """Columns with heavy tails: some rows do not foretell what rounding will be."""
    rng = np.random.default_rng(3)
    X = rng.standard_t(1.0, size=(60_000, 6))
    y = (X @ np.full(6, 1e-3) + rng.logistic(size=60_000) > 0).astype(float)
    found = fit_blocks(blocks_of(X, y), True, Settings(tol=1e-11))
    full = prove_at(blocks_of(X, y), found)
    assert found.status == "proved"
    assert found.certificate.distance <= full.distance


def prove_at(blocks, found):
    """Return the certificate of the full proof of what a fit found."""
    frame = frame_of(blocks.reduce(moments), True)
    kept = found.coefficients
    theta = frame.coordinates(kept.intercept, kept.coef)
    return prove(blocks, frame, theta, np.zeros(len(kept.coef))).certificate


@pytest.mark.parametrize("way", ["newton", "sampled", "diagonal"], indirect=True)
def test_every_way_leads_to_the_same_optimum(way):
    X, y = drawn(11, 4000, 12)
    blocks = blocks_of(X, y)
    found = fit_blocks(blocks, True, Settings(tol=1e-10))
    frame = frame_of(blocks.reduce(moments), True)
    problem = BlockProblem(blocks, frame, np.zeros(13))
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


# --- the choice, and what is done when it turns out wrong


@pytest.mark.parametrize(
    ("rows", "size", "chosen", "compiled"),
    [
        (569, 31, "newton", False),
        (2500, 51, "newton", False),
        (10_000, 51, "newton", True),
        (3000, 600, "diagonal", True),
        (1_000_000, 6, "sampled", True),
        (1_000_000, 31, "sampled", True),
        (1_000_000, 101, "sampled", True),
        (10_000_000, 11, "sampled", True),
        (200_000, 501, "sampled", True),
        (50_000, 2001, "diagonal", True),
        (300, 20_001, "diagonal", True),
        (50, 2001, "diagonal", False),
    ],
)
def test_the_plan_is_the_way_that_costs_least(rows, size, chosen, compiled):
    found = plan(rows, size)
    assert (found.solver, worth_compiling(rows, size)) == (chosen, compiled)
    assert (found.sample > 0) == (chosen == "sampled")
    if chosen == "sampled":
        assert found.reads < newton_reads(rows, size, near=False)
        assert 5 * size <= found.sample <= min(rows // 2, most_sampled(size))
        for other in (found.sample // 2, found.sample * 2):
            if 5 * size <= other <= min(rows // 2, most_sampled(size)):
                assert found.reads <= sampled_reads(other, rows, size) + 0.1


def test_no_sample_is_drawn_that_could_not_help():
    assert best_sample(1000, 200) == 0
    assert best_sample(100_000, 2001) == 0  # more than may be held
    assert best_sample(100_000, 100) > 0


def test_a_diagonal_that_knows_nothing_is_given_up_for_a_sample(monkeypatch):
    monkeypatch.setattr(engine, "plan", lambda rows, size: Plan("diagonal"))
    blocks = blocks_of(*HARD["correlated"](6000, 30))
    said = []
    found = fit_blocks(blocks, True, lean(0.0), lambda reading: said.append(reading.what))
    assert "steps are slow here: a sample's Hessian from now on" in said
    check_proved(blocks, found, 0.0)
    assert found.steps >= len(found.history) - 3


def test_a_diagonal_is_kept_where_it_is_enough(monkeypatch):
    monkeypatch.setattr(engine, "plan", lambda rows, size: Plan("diagonal"))
    blocks = blocks_of(*drawn(20, 4000, 30))
    said = []
    found = fit_blocks(blocks, True, lean(1.0), lambda reading: said.append(reading.what))
    assert not any("slow" in what for what in said)
    assert found.certificate.method == RIDGE
    assert found.certificate.reads == 0
    assert found.reads == 1 + found.steps + 1


def test_a_sample_that_misleads_is_given_up(monkeypatch):
    """The Hessian of the sample is spoilt: it is made anew, and after that all rows are used."""
    start_route = engine.start_route

    def spoilt(*arguments):
        start = start_route(*arguments)
        wrong = Factored(start.inverse.lower, start.inverse.scale * np.logspace(0, 3, 31))
        parts = start.theta, wrong, start.hessian, start.at, start.drawn, start.worth
        return engine.Route(*parts)

    monkeypatch.setattr(engine, "start_route", spoilt)
    monkeypatch.setattr(engine, "plan", lambda rows, size: Plan("sampled", 1000))
    blocks = blocks_of(*drawn(20, 6000, 30))
    said = []
    found = fit_blocks(blocks, True, lean(0.0), lambda reading: said.append(reading.what))
    assert "steps are slow here: a sample's Hessian from now on" in said
    check_proved(blocks, found, 0.0)


def test_many_columns():
    """More than a matrix is made of; a penalty proves the fit without any Hessian."""
    X, y = drawn(24, 3000, 1600)
    blocks = blocks_of(X.astype(np.float32), y)
    assert plan(3000, 1601).solver == "diagonal"
    found = fit_blocks(blocks, True, lean(50.0))
    assert found.status == "proved"
    assert found.certificate.method == RIDGE
    assert found.certificate.distance <= 1e-6
    assert found.reads < 60


def test_more_columns_than_rows():
    X, y = drawn(25, 60, 3000)
    blocks = blocks_of(X, y)
    found = fit_blocks(blocks, True, lean(5.0))
    assert found.status == "proved"
    assert found.certificate.method == RIDGE
    # the same through rows: w = X' c / l2 at the optimum, with the residuals for c
    centre, coef = found.coefficients.centre, found.coefficients.coef
    eta = found.coefficients.intercept + (X - centre) @ coef
    residual = y - 1.0 / (1.0 + np.exp(-eta))
    np.testing.assert_allclose(coef, X.T @ residual / 5.0, atol=1e-6)
    assert abs(residual.sum()) < 1e-5


def test_the_solvers_last_hessian_proves_small_fits():
    blocks = blocks_of(*drawn(26, 500, 8))
    found = fit_blocks(blocks, True, lean(1.0))
    assert found.certificate.method == LAST
    assert found.reads == 1 + found.steps + 1


def test_a_useless_inverse_is_noticed():
    """Steps that do not shrink the error end as drifting: the caller goes another way."""
    X, y = drawn(16, 3000, 10)
    blocks = blocks_of(X * np.logspace(0, 3, 10), y)
    frame = frame_of(blocks.reduce(moments), True)
    problem = BlockProblem(blocks, frame, np.zeros(11))
    useless = factored(np.diag(np.logspace(0, 14, 11) * 1e6))
    at = problem.slope(np.zeros(11))
    found = quasi_newton(problem, np.zeros(11), at, useless, 1e-9, 200, worth=30.0)
    assert found.status in ("drifting", "stalled", "limit")
    assert found.steps < 200


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
