"""The certificate is honest: what is called proved is true, on floats taken as exact rationals.

"Aliased" here means aliased as held: some combination of the columns, read as the rationals that
their floats are, is zero in every row. A column that is a combination only up to rounding, such as
0.3 a + 0.7 b computed in float64, is nearly aliased: its problem has one optimum, and a proof of
it, if any is claimed, must be true. In the same way "separated" means separated as held, and every
problem is checked to be what it is built to be, in rational arithmetic, before it is used.

Truth is computed in fifty digits (``support/truth.py``), and claims are held against it with no
slack at all: F(answer) - F* <= gap and |answer - optimum|_H <= distance, H at the answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sigmoide.blocks.moments import moments
from sigmoide.fit.driver import fit_blocks
from sigmoide.problem.blockwise import BlockProblem, problem_of
from sigmoide.problem.frame import Frame
from sigmoide.proof import by_sample as prove_module
from sigmoide.proof.by_ridge import RIDGE, prove_by_ridge
from sigmoide.proof.by_sample import (
    LAST,
    SAMPLED,
    prove_by_last,
    prove_by_sample,
    rows_to_prove_by,
)
from sigmoide.proof.certificate import (
    LARGEST_DELTA,
    Certificate,
    Loads,
    certify,
    lower_factor,
    tau_of,
)
from sigmoide.proof.full_hessian import prove
from sigmoide.results.records import Settings
from support import sweeps
from support.claims import Tally, around, metric, rounding_ratios
from support.newton import newton_path, other_frame
from support.problems import (
    ALIASED,
    NEARLY_ALIASED,
    SEPARATED,
    Array,
    Problem,
    Rng,
    ordinary,
    problem,
    rough,
    whole_block,
)
from support.truth import (
    Truth,
    big,
    combines,
    ctx,
    norm_in_inverse,
    separates,
)

# --- no optimum, no proof


def is_separated(p: Problem) -> bool:
    return separates(p, p.direction)


def is_aliased(p: Problem) -> bool:
    return combines(p, p.direction)


def by_all_rows(p: Problem, frame: Frame) -> Callable[[Array], Certificate]:
    """Return what proves a point by the Hessian of all rows."""
    blocks = p.blocks()
    return lambda theta: prove(blocks, frame, theta, p.alpha).certificate


def by_some_rows(p: Problem, frame: Frame) -> Callable[[Array], Certificate]:
    """Return what proves a point by the Hessian of some rows, and the compiled gradient of all."""
    blocks = p.blocks()
    seen = blocks.reduce(moments)
    asked = BlockProblem(blocks, frame, frame.penalty(p.alpha))
    part = blocks.draw(rows_to_prove_by(blocks.n_rows, frame.size), 0).plain
    return lambda theta: prove_by_sample(asked, part, theta, seen, asked.slope(theta)).certificate


def by_last_hessian(p: Problem, frame: Frame) -> Callable[[Array], Certificate]:
    """Return what proves a point by the Hessian that a solver made there of all rows."""
    blocks = p.blocks()
    seen = blocks.reduce(moments)
    asked = problem_of(blocks, frame, frame.penalty(p.alpha), compiled=False)
    return lambda theta: prove_by_last(asked, theta, seen, asked.quadratic(theta)).certificate


def by_penalty(p: Problem, frame: Frame) -> Callable[[Array], Certificate]:
    """Return what proves a point by the penalty and some rows; compiled for every other problem."""
    blocks = p.blocks()
    seen = blocks.reduce(moments)
    compiled = bool(len(p.y) % 2)
    asked = problem_of(blocks, frame, frame.penalty(p.alpha), compiled=compiled)
    part = blocks.draw(max(len(p.y) // 2, 5), 0).plain
    return lambda theta: prove_by_ridge(asked, part, theta, seen, asked.slope(theta)).certificate


@pytest.fixture
def few_rows(monkeypatch):
    """Let a proof by some rows rest on few: five for each coordinate, so that rows are left out."""
    monkeypatch.setattr(prove_module, "_ROWS_EACH", 5)
    monkeypatch.setattr(prove_module, "_ROWS_LEAST", 5)


def false_proofs(
    makers: tuple[Callable[[Rng], Problem], ...],
    known: Callable[[Problem], bool],
    count: int,
    seed: int,
    frame_of: Callable[[Problem, Rng], Frame],
    prover: Callable[[Problem, Frame], Callable[[Array], Certificate]] = by_all_rows,
) -> tuple[int, list[str]]:
    """Run Newton on problems that have no optimum; return the points checked, and false proofs."""
    points = 0
    false: list[str] = []
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        p = makers[k % len(makers)](rng)
        name = f"{p.kind}, seed {seed}, number {k}"
        assert known(p), f"{name}: not what it is built to be"
        frame = frame_of(p, rng)
        proof = prover(p, frame)
        with np.errstate(all="ignore"):
            for step, theta in enumerate(newton_path(p, frame, rng)):
                points += 1
                if proof(theta).proved:
                    false.append(f"{name}, step {step}")
    return points, false


def usual_frame(p: Problem, rng: Rng) -> Frame:
    return p.frame()


NO_OPTIMUM = [
    pytest.param(SEPARATED, is_separated, 260, 1, usual_frame, id="separated"),
    pytest.param(ALIASED, is_aliased, 160, 2, usual_frame, id="aliased"),
    pytest.param(SEPARATED, is_separated, 50, 3, other_frame, id="separated, any frame"),
    pytest.param(ALIASED, is_aliased, 50, 4, other_frame, id="aliased, any frame"),
]


@pytest.mark.parametrize(("makers", "known", "count", "seed", "frame_of"), NO_OPTIMUM)
def test_no_step_of_newton_is_proved_where_there_is_no_unique_optimum(
    makers, known, count, seed, frame_of
):
    points, false = false_proofs(makers, known, count, seed, frame_of)
    assert points > 50 * count
    assert false == []


@pytest.mark.parametrize("prover", [by_some_rows, by_last_hessian, by_penalty])
@pytest.mark.parametrize(("makers", "known", "count", "seed", "frame_of"), NO_OPTIMUM)
def test_no_step_of_newton_is_proved_by_what_costs_less_either(
    makers, known, count, seed, frame_of, prover, few_rows
):
    points, false = false_proofs(makers, known, count // 4, seed + 50, frame_of, prover)
    assert points > 50 * (count // 4)
    assert false == []


def test_a_penalty_does_not_hold_an_intercept_that_goes_to_infinity():
    """One class only: the rows lose their curvature as fast as the gradient falls."""
    false = []
    for k in range(20):
        rng = np.random.default_rng([6, k])
        p = rough(rng, 60, 12)
        p = replace(p, y=np.full_like(p.y, k % 2), alpha=penalties(rng, p.frame()))
        frame = p.frame()
        proof = by_penalty(p, frame)
        for far in (0.0, 3.0, 10.0, 30.0, 37.0, 100.0, 500.0, 700.0, 745.0, 1e4):
            theta = np.zeros(frame.size)
            theta[0] = far if k % 2 else -far
            with np.errstate(all="ignore"):
                if proof(theta).proved:
                    false.append((k, far))
    assert false == []


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize(("makers", "known", "count", "seed", "frame_of"), NO_OPTIMUM)
def test_no_step_of_newton_is_proved_in_a_sweep_three_times_as_wide(
    makers, known, count, seed, frame_of
):
    wide = sweeps.size(3 * count)
    points, false = false_proofs(makers, known, wide, seed + 10, frame_of)
    assert points > 50 * wide
    assert false == []


def test_nothing_is_proved_far_out_along_a_direction_that_separates():
    """There the curvature of every separated row underflows, in steps, to nothing."""
    false = []
    for k in range(80):
        rng = np.random.default_rng([5, k])
        p = SEPARATED[k % len(SEPARATED)](rng)
        blocks, frame = p.blocks(), p.frame()
        b, w = float(p.direction[0]), np.array([float(v) for v in p.direction[1:]])
        along = frame.coordinates(b + float(frame.centre @ w), w)
        steepest = np.abs(frame.design(whole_block(p)) @ along).max()
        start = list(newton_path(p, frame, rng))[-1] * rng.choice([0.0, 1.0])
        with np.errstate(all="ignore"):
            for reach in (1.0, 10.0, 30.0, 37.0, 100.0, 500.0, 708.0, 744.0, 1e3, 1e4, 1e8, 1e300):
                theta = start + along * (reach / steepest)
                if prove(blocks, frame, theta, p.alpha).certificate.proved:
                    false.append((p.kind, k, reach))
    assert false == []


# --- an optimum: what is claimed about it is true


def near_aliases(count: int, seed: int) -> tuple[Tally, Counter[str]]:
    """Run Newton on nearly aliased problems; check the first, the last and one more claim each."""
    tally, proved = Tally(), Counter[str]()
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        p = NEARLY_ALIASED[k % 3 == 2](rng)
        blocks, frame = p.blocks(), p.frame()
        claims = []
        with np.errstate(all="ignore"):
            for theta in newton_path(p, frame, rng):
                tally.points += 1
                c = prove(blocks, frame, theta, p.alpha).certificate
                if c.proved:
                    claims.append((c, theta))
        tally.problems += 1
        if not claims:
            continue
        proved[p.kind] += 1
        truth = Truth(p, frame)
        best = truth.optimum(claims[-1][1])
        if best is None:
            tally.false.append(f"{p.kind}, {seed}, {k}: proved, and there is no optimum")
            continue
        for which in {0, int(rng.integers(len(claims))), len(claims) - 1}:
            tally.hold(*claims[which], truth, best, f"{p.kind}, {seed}, {k}")
    return tally, proved


def test_a_claim_about_nearly_aliased_columns_is_true(capsys):
    """Noise of 1e-12 to 1e-3 relative to an alias, or an alias that rounding alone has broken."""
    tally, proved = near_aliases(170, 6)
    with capsys.disabled():
        print(f"\nnearly aliased: {tally}; problems proved: {dict(proved)}")
    assert tally.false == []
    assert proved["near: noise"] >= 10  # or the test says nothing
    assert proved["near: rounded"] == 0  # a share of 1e-33 of the column is new


def end_of_newton(p: Problem, frame: Frame) -> tuple[Array, bool]:
    """Return the last point of Newton's method, and whether it is proved: fifty digits go on."""
    with np.errstate(all="ignore"):
        last = list(newton_path(p, frame, np.random.default_rng(0)))[-1]
        return last, prove(p.blocks(), frame, last, p.alpha).certificate.proved


def rough_problems(count: int, seed: int, points: int) -> tuple[Tally, Counter[str]]:
    """Check all claims around the optima of random problems, and at the last point of Newton."""
    tally, about = Tally(), Counter[str]()
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        p = rough(rng)
        name = f"rough, {seed}, {k}"
        blocks, frame = p.blocks(), p.frame()
        truth = Truth(p, frame)
        last, found = end_of_newton(p, frame)
        best = truth.optimum(last if found else np.zeros(frame.size))
        if best is None:
            about["without an optimum"] += 1
            if found:
                tally.false.append(f"{name}: proved, and there is no optimum")
            continue
        tally.problems += 1
        about["proved at the answer of Newton"] += found
        for theta in around(truth, best, rng, points):
            tally.points += 1
            c = prove(blocks, frame, theta, p.alpha).certificate
            if c.proved:
                tally.hold(c, theta, truth, best, name)
    return tally, about


def penalties(rng: Rng, frame: Frame) -> Array:
    """Return penalties of any size, all above zero, in the user's units."""
    d = len(frame.columns)
    alike = 10.0 ** rng.uniform(-3.0, 2.0, 1 if rng.random() < 0.7 else d) * np.ones(d)
    return np.ldexp(alike, -2 * frame.exponent)


def cheaper_claims(
    prover: Callable[[Problem, Frame], Callable[[Array], Certificate]], count: int, seed: int
) -> Tally:
    """Check claims around the optima of problems of every shape, more columns than rows, too."""
    tally = Tally()
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        p = (rough(rng, 80, 3), rough(rng, 30, 12), ordinary(rng, 100, 3))[k % 3]
        if prover is by_penalty or k % 3 == 1:
            p = replace(p, alpha=penalties(rng, p.frame()))
        frame = other_frame(p, rng) if rng.random() < 0.3 else p.frame()
        if rng.random() < 0.2:
            frame = replace(frame, centre=0.0 * frame.centre, intercept=False)
        truth = Truth(p, frame)
        last, found = end_of_newton(p, frame)
        best = truth.optimum(last if found else np.zeros(frame.size))
        if best is None:
            continue
        tally.problems += 1
        proof = prover(p, frame)
        for theta in around(truth, best, rng, 4):
            tally.points += 1
            c = proof(theta)
            if c.proved:
                assert c.method in (SAMPLED, LAST, RIDGE)
                assert c.reads == 0
                tally.hold(c, theta, truth, best, f"{prover.__name__}, {seed}, {k}")
    return tally


CHEAPER = [by_some_rows, by_last_hessian, by_penalty]


@pytest.mark.parametrize("prover", CHEAPER)
def test_claims_by_what_costs_less_are_true(prover, capsys, few_rows):
    """Smaller Hessians, bounds from ranges instead of rows: looser claims, none of them false."""
    tally = cheaper_claims(prover, 60, 11)
    with capsys.disabled():
        print(f"\n{prover.__name__}: {tally}")
    assert tally.false == []
    assert tally.claims > tally.points / 4


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("prover", CHEAPER)
def test_claims_by_what_costs_less_are_true_a_thousand_times(prover, capsys, few_rows):
    tally = cheaper_claims(prover, sweeps.size(1000), 12)
    with capsys.disabled():
        print(f"\n{prover.__name__}: {tally}")
    assert tally.false == []
    assert tally.claims > tally.points / 4


def test_claims_about_rough_problems_are_true(capsys):
    """Heavy tails, leverage of 50, weights over six orders, offsets, ridge 0 to 10: no slack."""
    tally, about = rough_problems(140, 7, 6)
    with capsys.disabled():
        print(f"\nrough: {tally}; {dict(about)}")
    assert tally.false == []
    assert tally.claims > tally.points / 3
    assert 0.99 < max(tally.gap, tally.distance) <= 1.0  # sharp: there is nothing to give away


@pytest.mark.slow
@pytest.mark.sweep
def test_claims_about_thousands_of_rough_problems_are_true(capsys):
    tally, about = rough_problems(sweeps.size(2000), 8, 6)
    near, proved = near_aliases(sweeps.size(300, 60), 9)
    with capsys.disabled():
        print(f"\nrough: {tally}; {dict(about)}\nnearly aliased: {near}; proved {dict(proved)}")
    assert tally.false == near.false == []
    assert tally.claims > tally.points / 3


def test_every_ordinary_problem_is_proved_at_the_answer_and_the_proof_is_true(capsys):
    tally = Tally()
    for k in range(60):
        rng = np.random.default_rng([20, k])
        n, d = int(rng.integers(100, 400 if k % 2 else 4000)), int(rng.integers(1, 8))
        p = ordinary(rng, n, d)
        fit = fit_blocks(p.blocks(), True, Settings())
        assert fit.status == "proved"
        assert fit.certificate.proved
        assert fit.certificate.distance <= 1e-9
        tally.problems += 1
        if n < 200:
            frame = p.frame()
            theta = frame.coordinates(fit.coefficients.intercept, fit.coefficients.coef)
            truth = Truth(p, frame)
            best = truth.optimum(theta)
            assert best is not None
            tally.hold(fit.certificate, theta, truth, best, f"ordinary, {k}")
    with capsys.disabled():
        print(f"\nordinary: {tally}")
    assert tally.claims >= 10
    assert tally.false == []


def test_claims_about_columns_held_in_float32_are_about_those_numbers():
    tally = Tally()
    for k in range(40):
        rng = np.random.default_rng([21, k])
        p = rough(rng)
        p = replace(p, X=p.X.astype(np.float32))
        blocks, frame, truth = p.blocks(), p.frame(), Truth(p, p.frame())
        best = truth.optimum(np.zeros(frame.size))
        if best is None:
            continue
        for theta in around(truth, best, rng, 3):
            c = prove(blocks, frame, theta, p.alpha).certificate
            if c.proved:
                tally.hold(c, theta, truth, best, f"float32, {k}")
    assert tally.claims > 60
    assert tally.false == []


def test_the_verdict_does_not_rest_on_the_blocks_or_the_frame():
    """Other blocks and other scales leave the figures as they are, up to their rounding."""
    for k in range(20):
        rng = np.random.default_rng([22, k])
        p = ordinary(rng, 100, 3)
        frame = p.frame()
        theta = np.array([float(v) for v in Truth(p, frame).optimum(np.zeros(4))[0]])
        theta = theta + 1e-3 * rng.normal(size=4)
        one = prove(p.blocks(), frame, theta, p.alpha).certificate
        scaled = replace(frame, exponent=frame.exponent + rng.integers(-20, 21, 3))
        point = scaled.coordinates(*frame.in_units(theta))
        for c in (
            prove(p.blocks(block_rows=7), frame, theta, p.alpha).certificate,
            prove(p.blocks(), scaled, point, p.alpha).certificate,
        ):
            assert one.proved
            assert c.proved
            for name in ("delta", "gap", "distance", "decrement", "radius"):
                assert getattr(c, name) == pytest.approx(getattr(one, name), rel=1e-8), name


def test_a_proof_counts_its_reads():
    p = ordinary(np.random.default_rng(23), 200, 2)
    blocks = p.blocks()
    frame = p.frame()
    assert prove(blocks, frame, np.zeros(3), p.alpha).certificate.reads == blocks.reads == 2
    aliased = problem(np.column_stack([p.X, p.X[:, 0]]), p.y)
    blocks = aliased.blocks()
    c = prove(blocks, aliased.frame(), np.zeros(4), aliased.alpha).certificate
    assert c.reads == blocks.reads == 1
    assert "aliased" in c.reason


# --- the formulas


NOTHING = Loads(np.zeros(1), 0.0, np.zeros(1), 0)


def certificate_of_one(gradient: float, hessian: float, radius: float) -> Certificate:
    """Return the certificate of one coordinate, nothing rounded but the last step."""
    factor = lower_factor(np.array([[hessian]]), 0.0)
    assert factor is not None
    return certify(np.array([gradient]), factor, radius, 0.0, NOTHING, "", 0)


@pytest.mark.parametrize("radius", [1e-8, 1.0, 37.5, 1e9])
def test_gap_and_distance_are_the_closed_forms(radius):
    """(delta + (1-delta) ln(1-delta)) / R^2 and -ln(1-delta)/R: never below, hardly above."""
    for delta in [*10.0 ** np.linspace(-12.0, -0.31, 60), 0.499999999]:
        hessian = 3.7
        c = certificate_of_one(delta / radius * math.sqrt(hessian), hessian, radius)
        gradient, R = ctx.mpf(delta / radius * math.sqrt(hessian)), ctx.mpf(radius)
        exactly = gradient / ctx.sqrt(hessian) * R
        gap = (exactly + (1 - exactly) * ctx.log1p(-exactly)) / R**2
        distance = -ctx.log1p(-exactly) / R
        assert c.proved
        assert gap <= c.gap <= gap * (1 + ctx.mpf(1e-13))
        assert distance <= c.distance <= distance * (1 + ctx.mpf(1e-13))
        assert exactly <= c.delta <= exactly * (1 + ctx.mpf(1e-14))


def test_at_the_optimum_itself_nothing_is_left():
    c = certificate_of_one(0.0, 1.0, 2.0)
    assert c.proved
    assert (c.delta, c.gap, c.distance) == (0.0, 0.0, 0.0)


def test_delta_above_one_half_is_not_proved():
    assert LARGEST_DELTA == 0.5
    inside, outside = (
        certificate_of_one(0.5 * (1 - 1e-14), 1.0, 1.0),
        certificate_of_one(0.5, 1.0, 1.0),
    )
    assert inside.proved
    assert inside.delta <= 0.5
    assert inside.reason == ""
    assert not outside.proved  # the rounding of its own norm lifts it above
    assert outside.delta > 0.5
    assert outside.gap == outside.distance == math.inf
    assert "above 0.5" in outside.reason


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_proved(bad):
    assert not certificate_of_one(bad, 1.0, 1.0).proved
    assert not certificate_of_one(1e-3, 1.0, abs(bad)).proved
    for place in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        H = np.eye(2)
        H[place] = bad
        assert lower_factor(H, 1e-14) is None
    factor = lower_factor(np.eye(1), 1e-14)
    loads = Loads(np.array([abs(bad)]), 0.0, np.zeros(1), 0)
    assert not certify(np.array([1e-3]), factor, 1.0, 0.0, loads, "", 0).proved


def test_a_point_out_of_reach_is_not_proved_and_raises_nothing():
    p = replace(ordinary(np.random.default_rng(24), 100, 2), alpha=np.full(2, 1e10))
    blocks, frame = p.blocks(), p.frame()
    for entry in (math.nan, math.inf, -math.inf, 1e300, -1e300, 1e308, 1e154):
        for place in range(3):
            for fill in (0.0, entry):
                theta = np.full(3, fill)
                theta[place] = entry
                with np.errstate(all="ignore"):
                    c = prove(blocks, frame, theta, p.alpha).certificate
                assert not c.proved, (entry, place, fill)


@pytest.mark.parametrize(
    ("H", "tau"),
    [
        (np.array([[0.0]]), 1e-14),
        (np.diag([1.0, 0.0]), 1e-14),
        (np.diag([1.0, -1.0]), 1e-14),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), 1e-14),
        (np.ones((2, 2)), 1e-14),
        (np.array([[1.0, 1.0 - 1e-10], [1.0 - 1e-10, 1.0]]), 1.1e-10),
        (np.eye(2), 1.0),
        (np.eye(2), math.inf),
    ],
)
def test_a_hessian_that_is_not_positive_beyond_its_rounding_has_no_factor(H, tau):
    assert lower_factor(H, tau) is None


def test_tau_is_at_least_1e14th_and_grows_with_all_it_counts():
    assert tau_of(1, 0.0, 0) >= 1e-14
    assert tau_of(1, 0.0, 1) >= 1e-14
    base = tau_of(10, 5.0, 100)
    assert base > 1e-14
    assert tau_of(11, 5.0, 100) > base
    assert tau_of(10, 6.0, 100) > base
    assert tau_of(10, 5.0, 101) > base
    assert tau_of(3, 1e16, 0) >= 1.0


def random_hessian(rng: Rng, p: int) -> Array:
    """Return a Hessian whose coordinates differ in scale by up to sixteen orders."""
    A = rng.normal(size=(p + 3, p)) * 10.0 ** rng.uniform(-8.0, 8.0, p)
    return A.T @ A


def test_a_factor_is_of_a_smaller_hessian_and_its_norms_are_upper_bounds():
    for k in range(100):
        rng = np.random.default_rng([30, k])
        p = int(rng.integers(1, 6))
        H = random_hessian(rng, p)
        factor = lower_factor(H, 1e-12)
        assert factor is not None
        unit = H * factor.scale[:, None] * factor.scale
        assert np.abs(factor.lower @ factor.lower.T - unit + 1e-12 * np.eye(p)).max() < 1e-15 * p
        g = rng.normal(size=p) * np.sqrt(np.diag(H))
        exactly = norm_in_inverse(metric(H), big(g))
        assert exactly <= factor.norm(g) <= exactly * (1 + ctx.mpf(1e-6))
        for j, deviation in enumerate(factor.deviation()):
            exactly = norm_in_inverse(metric(H), big(np.eye(p)[j]))
            assert exactly <= deviation <= exactly * ctx.mpf(1.011)


def test_a_smaller_hessian_never_proves_more():
    """H' <= H gives larger lambda, R, delta, gap and distance."""
    for k in range(200):
        rng = np.random.default_rng([31, k])
        p = int(rng.integers(1, 5))
        H = random_hessian(rng, p)
        z = rng.normal(size=(20, p)) * np.sqrt(np.diag(H)) * 0.1
        v = rng.normal(size=p)
        Hv = H @ v
        smaller = H - rng.uniform(0.01, 0.9) * np.outer(Hv, Hv) / (v @ Hv)
        g = rng.normal(size=p) * np.sqrt(np.diag(H)) * 10.0 ** rng.uniform(-6.0, -1.0)
        zero = np.zeros(p)
        found = []
        for hessian in (H, smaller):
            factor = lower_factor(hessian, 1e-13)
            assert factor is not None
            R = max(factor.norm(row) for row in z)
            found.append(certify(g, factor, R, 0.0, Loads(zero, 0.0, zero, 0), "", 0))
        of_h, of_less = found
        for name in ("decrement", "radius", "delta", "gap", "distance"):
            assert getattr(of_less, name) >= getattr(of_h, name) * (1 - 1e-6), name
        assert of_h.proved or not of_less.proved


def test_more_rounding_never_proves_more():
    factor = lower_factor(np.eye(2), 1e-14)
    g = np.array([1e-3, 2e-3])

    def of(**change: float) -> Certificate:
        loads = Loads(
            np.full(2, change.get("residual", 1.0)),
            change.get("eta", 1.0),
            np.full(2, change.get("penalty", 1.0)),
            int(change.get("additions", 10)),
        )
        return certify(g, factor, 2.0, change.get("entries", 1.0), loads, "", 0)

    base = of()
    for more in ("residual", "eta", "penalty", "additions", "entries"):
        c = of(**{more: 1e6})
        assert c.delta > base.delta, more
        assert c.gap > base.gap, more
        assert c.distance > base.distance, more


# --- the rounding that is claimed is not exceeded


def held_roundings(count: int, seed: int) -> Array:
    found = [rounding_ratios(np.random.default_rng([seed, k])) for k in range(count)]
    return np.array([ratios for ratios in found if ratios is not None])


def test_the_rounding_of_gradient_hessian_and_radius_stays_within_its_bounds(capsys):
    """|g computed - g| in the metric of H'^-1, |H computed - H| at unit diagonal, R; to scale."""
    ratios = held_roundings(120, 40)
    with capsys.disabled():
        largest = ", ".join(f"{r:.3g}" for r in ratios.max(axis=0))
        print(f"\nrounding: {len(ratios)} problems; largest true/allowed g, H, R: {largest}")
    assert len(ratios) > 80
    assert (ratios <= 1.0).all()


@pytest.mark.slow
@pytest.mark.sweep
def test_the_rounding_stays_within_its_bounds_on_thousands(capsys):
    ratios = held_roundings(sweeps.size(2000), 41)
    with capsys.disabled():
        largest = ", ".join(f"{r:.3g}" for r in ratios.max(axis=0))
        print(f"\nrounding: {len(ratios)} problems; largest true/allowed g, H, R: {largest}")
    assert (ratios <= 1.0).all()


@pytest.mark.parametrize(
    ("light", "heavy"), [(1e-300, 1e20), (1e-290, 1e25), (1e-250, 1e60), (1e-160, 1e158)]
)
def test_claims_are_true_where_curvature_is_below_the_smallest_normal_number(light, heavy):
    """At eta = -730 p(1-p) is a subnormal number of few digits, which large weights bring back."""
    y = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    X = np.array([[-1.0], [1.0], [2.0], [-1.0], [1.0], [3.0]])
    p = problem(X, y, np.where(y > 0.5, light, heavy))
    frame = p.frame()
    truth = Truth(p, frame)
    best = truth.optimum(np.array([math.log(light) - math.log(heavy), 0.0]), 200)
    assert best is not None
    tally = Tally()
    for away in (0.0, 1e-9, 1e-7, 1e-5, 1e-3):
        theta = np.array([float(v) for v in best[0]]) + np.array([away, 0.0])
        c = prove(p.blocks(), frame, theta, p.alpha).certificate
        if c.proved:
            tally.hold(c, theta, truth, best, f"{away}")
    assert tally.false == []


def test_the_roundings_of_the_link_are_the_same_number_on_both_sides():
    """The certificate imports no objective: pure numbers. What both allow for must agree."""
    from sigmoide.problem import objective
    from sigmoide.proof import certificate

    assert certificate._LINK == objective.LINK_ROUNDINGS
