"""The fit: the first read, aliased columns, the solver, the proof, and what to do without one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sigmoide.blocks.block import Array, Integers
from sigmoide.blocks.blocks import Blocks, Drawn
from sigmoide.blocks.moments import Moments
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.fit.aliased import find_aliased
from sigmoide.fit.penalty_factors import every_column, penalties, with_penalties
from sigmoide.fit.progress import (
    AstrayError,
    Progress,
    ProgressMonitor,
    Replay,
    ReplayedProblem,
    StepLog,
    Stopped,
)
from sigmoide.fit.proof_plan import BEYOND, aim, proof_line, prove_cheaply, prove_solution
from sigmoide.fit.routes import Route, next_route, start_route
from sigmoide.fit.setup import Known, Setup, base_rate, refuse_aliased, refuse_unfit, set_up
from sigmoide.fit.witness import find_separation
from sigmoide.problem.blockwise import moments_kernel
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.problem.protocols import Quadratic, Solution
from sigmoide.proof.by_sample import rows_to_prove_by
from sigmoide.proof.certificate import Certificate
from sigmoide.proof.full_hessian import Proof
from sigmoide.proof.sampled_rows import rows_beside
from sigmoide.results.records import (
    AliasedColumn,
    Coefficients,
    Fit,
    Separation,
    Settings,
    Status,
    Step,
    Totals,
)
from sigmoide.solver.aliasing import screen
from sigmoide.solver.choose import Plan, newton_follows, plan
from sigmoide.solver.low_rank_diagonal import LowRankDiagonal
from sigmoide.solver.newton import Inverse, newton
from sigmoide.solver.quasi_newton import quasi_newton

# Steps with a diagonal, for one of Newton's.
_DIAGONAL_EACH = 10
# Steps that shrink the error by a constant factor only, before separation is looked for.
_PATIENCE = 8


def fit_blocks(
    blocks: Blocks,
    intercept: bool,
    settings: Settings,
    progress: Progress | None = None,
    log: StepLog | None = None,
) -> Fit:
    """Fit a logistic regression to blocks, and prove it.

    Parameters
    ----------
    blocks : Blocks
        Rows of positive weight.
    intercept : bool
        Whether the model has one.
    settings : Settings
        Penalty, tolerance, and what to do with aliased columns.
    progress : callable, optional
        Told, after each read, what is known by then; a true answer stops the fit where it is.
    log : StepLog, optional
        Where the steps of the solver are kept, and told from where they were taken before.

    Raises
    ------
    TargetError
        If all rows are of one class and there is an intercept.
    AliasedError
        If columns are aliased and ``settings.aliased`` is ``"error"``.
    """
    replay = Replay(log)
    # No solver is made for whatever numbers a file may tell it: they may overflow, and more.
    with single_threaded_arithmetic(), np.errstate(all="ignore" if log else None):
        try:
            return _fit(blocks, intercept, settings, progress, replay)
        except (AstrayError, ArithmeticError, ValueError):
            if not replay.replayed:
                raise
            return _fit(blocks, intercept, settings, progress, replay.anew())


def _fit(
    blocks: Blocks,
    intercept: bool,
    settings: Settings,
    progress: Progress | None,
    replay: Replay,
) -> Fit:
    watch = ProgressMonitor(progress, blocks, blocks.reads, replay)
    chosen = plan(blocks.n_rows, len(blocks.names) + intercept)
    moments, drawn = _first_read(blocks, intercept, chosen, settings)
    watch.say(f"{moments.rows} rows, {len(blocks.names)} columns")
    refuse_unfit(blocks.names, moments, intercept)
    known = Known(blocks, intercept, settings, moments, chosen, drawn)
    fit = _Fitting(known, watch, []).run()
    return replace(fit, reads=watch.reads, seconds=watch.seconds)


def _first_read(
    blocks: Blocks, intercept: bool, chosen: Plan, settings: Settings
) -> tuple[Moments, Drawn | None]:
    """Read the moments, and draw the rows by which the fit will be started and proved."""
    kernel = moments_kernel(blocks, intercept)
    size, diagonal = len(blocks.names) + intercept, chosen.solver == "diagonal"
    wanted = rows_beside(size) if diagonal else chosen.sample
    by_rows = not (diagonal and every_column(settings))
    if chosen.solver != "newton" and by_rows and not settings.inference:
        wanted = max(wanted, rows_to_prove_by(blocks.n_rows, size))
    if not wanted:
        return blocks.reduce(kernel), None
    return blocks.survey(kernel, min(wanted, blocks.n_rows))


@dataclass(frozen=True, slots=True)
class _Fitting:
    """One fit under way: what stays the same from its first read to its last."""

    known: Known
    watch: ProgressMonitor
    history: list[Step]

    def run(self) -> Fit:
        setup = set_up(
            self.known, frame_of(self.known.moments, self.known.intercept), self._alpha()
        )
        route = self._begin(setup)
        aliased: tuple[AliasedColumn, ...] = ()
        proved = None if self._screened(setup, route) else self._proved(setup, route)
        # Where no Hessian told whether columns are aliased, a proof tells that they are not.
        if proved is None or (route.hessian is None and self._in_doubt(setup, *proved)):
            aliased, kept = self._aliased(setup)
            if aliased:
                setup = set_up(self.known, setup.frame.keep(kept), setup.alpha[kept])
                route = self._begin(setup)
            if aliased or proved is None:
                proved = self._proved(setup, route)
        solution, proof = proved
        frame, alpha = setup.frame, setup.alpha
        separation = Separation("none", np.zeros(frame.size))
        if self._in_doubt(setup, solution, proof):
            separation = find_separation(self.known.blocks, frame, self.known.moments, alpha)
            self.watch.say(f"separation: {separation.kind}, {len(separation.rows)} rows")
            if separation.kind == "undetermined" and solution.status == "drifting":
                solution = self._newton(setup, solution.theta, solution.at, patient=True)
                proof = self._prove(setup, solution)
                if proof.certificate.proved:
                    separation = Separation("none", np.zeros(frame.size))
        steps, limit, loglik = solution.steps, None, -proof.value
        if separation.kind in ("complete", "quasi-complete"):
            status: Status = "separated"
            coefficients, limit, loglik, more = self._limit(frame, separation)
            steps += more
        else:
            status, coefficients = self._answer(frame, solution, proof)
        return Fit(
            status,
            coefficients,
            proof.certificate,
            limit,
            separation,
            aliased,
            alpha,
            self._totals(loglik),
            steps,
            history=tuple(self.history),
        )

    def _screened(self, setup: Setup, route: Route) -> bool:
        """Return whether the first Hessian leaves open that columns are aliased."""
        return not setup.penalised and route.hessian is not None and screen(route.hessian)

    def _in_doubt(self, setup: Setup, solution: Solution, proof: Proof) -> bool:
        """Return whether a maximum may be missing."""
        finished = solution.status != "stopped"
        return finished and not setup.penalised and not proof.certificate.proved

    def _proved(self, setup: Setup, route: Route) -> tuple[Solution, Proof]:
        """Go the way that was begun, and prove where it ends."""
        # A ridge keeps the minimum finite: slow steps are then no sign of separation.
        patient = setup.penalised
        solution = self._solve(setup, route, patient=patient)
        proof = self._prove(setup, solution)
        if not proof.certificate.proved and solution.status == "converged":
            # Near enough by the standard errors, but these are so large that it proves nothing.
            solution = self._newton(setup, solution.theta, None, patient=patient, target=0.0)
            proof = self._prove(setup, solution)
        return solution, proof

    def _prove(self, setup: Setup, solution: Solution) -> Proof:
        proof = prove_solution(self.known, setup, solution)
        self.watch.replay.check(proof, solution.status, self.known.settings.tol)
        self.watch.say(proof_line(proof))
        return proof

    def _aliased(self, setup: Setup) -> tuple[tuple[AliasedColumn, ...], Integers]:
        aliased, kept = find_aliased(
            self.known.blocks, setup.frame, self.known.moments, setup.alpha
        )
        self.watch.say(f"aliased columns: {len(aliased)}")
        refuse_aliased(aliased, self.known.settings)
        return aliased, kept

    def _alpha(self) -> Array:
        """Return the penalty of each coefficient in the user's units."""
        return penalties(self.known.settings, self.known.blocks.names, self.known.moments.deviation)

    def _begin(self, setup: Setup) -> Route:
        base, solver = base_rate(self.known.moments, setup.frame), self.known.chosen.solver
        route = start_route(solver, setup.problem, base, self.known.moments, self.known.drawn)
        if route.drawn is not None:
            sample = route.drawn.standing.n_rows
            self.watch.say(f"started from a sample of {sample:,} rows")
            size = setup.frame.size
            if self.known.settings.inference and newton_follows(sample, size):
                route = replace(route, inverse=None)
        return route

    def _solve(self, setup: Setup, route: Route, *, patient: bool) -> Solution:
        """Go the way that was begun, and others where it is given up."""
        taken = 0
        while route.inverse is not None:
            solution = self._quasi(setup, route, route.inverse)
            taken += solution.steps
            if solution.status != "drifting":
                return replace(solution, steps=taken)
            following = next_route(route, setup.problem, solution.theta, self.known.moments)
            to = "full Hessians" if following is None else "a sample's Hessian"
            self.watch.say(f"steps are slow here: {to} from now on")
            route = following or Route(solution.theta)
        solution = self._newton(setup, route.theta, route.at, patient=patient)
        return replace(solution, steps=taken + solution.steps)

    def _quasi(self, setup: Setup, route: Route, inverse: Inverse) -> Solution:
        problem = ReplayedProblem(setup.problem, route.theta, self.watch.replay)
        at = problem.slope(route.theta)
        measure, target = aim(self.known, setup, route, at)

        def on_step(step: int, value: float, decrement: float) -> None:
            gap = None
            if self.watch.progress is not None:
                proof = prove_cheaply(self.known, setup, problem.theta, problem.read)
                gap = proof.certificate.gap if proof and proof.certificate.proved else None
            self._step(step, value, decrement, gap, target)

        most = self.known.settings.max_steps
        if isinstance(inverse, LowRankDiagonal):
            most *= _DIAGONAL_EACH
        try:
            solution = quasi_newton(
                problem,
                route.theta,
                at,
                inverse,
                target,
                most,
                on_step,
                measure=measure,
                worth=route.worth,
            )
        except Stopped:
            solution = problem.stopped(self.history)
        return problem.ended(solution)

    def _newton(
        self,
        setup: Setup,
        theta: Array,
        at: Quadratic | None,
        *,
        patient: bool,
        target: float | None = None,
    ) -> Solution:
        problem = ReplayedProblem(setup.problem, theta, self.watch.replay, at)
        most = self.known.settings.max_steps
        wanted = BEYOND * self.known.settings.tol if target is None else target
        try:
            solution = newton(
                problem,
                theta,
                at or problem.quadratic(theta),
                wanted,
                most,
                most if patient else _PATIENCE,
                lambda step, there, left: self._step(step, there.value, left, None, wanted),
            )
        except Stopped:
            solution = problem.stopped(self.history)
        return problem.ended(solution)

    def _step(
        self, step: int, value: float, decrement: float, gap: float | None, target: float
    ) -> None:
        reads, seconds = self.watch.reads, self.watch.seconds
        self.history.append(Step(reads, value, decrement, seconds))
        self.watch.step(f"step {step}", value, decrement, gap, target)

    def _limit(
        self, frame: Frame, separation: Separation
    ) -> tuple[Coefficients, Certificate | None, float, int]:
        """Fit the rows that overlap: what stays finite when the rest goes to infinity.

        Returns the coefficients (those that are infinite are 0 here, or stand in for a
        combination that is finite), their certificate, the supremum of the log-likelihood, and
        the steps taken. The separated rows add nothing to the likelihood in the limit, where the
        penalties are those of all rows.
        """
        d = len(frame.columns)
        centre, coef = np.zeros(d), np.zeros(d)
        if len(separation.rows) == self.known.blocks.n_rows:
            return Coefficients(frame.columns, centre, coef, 0.0, None), None, 0.0, 0
        rest = self.known.blocks.without(separation.rows)
        settings = with_penalties(self.known.settings, self.known.blocks.names, self._alpha())
        settings = replace(settings, aliased="drop")
        limit = fit_blocks(rest, self.known.intercept, settings, log=self.watch.replay.log)
        inner = limit.coefficients
        both, ours, theirs = np.intersect1d(
            frame.columns, inner.columns, assume_unique=True, return_indices=True
        )
        coef[ours], centre[ours] = inner.coef[theirs], inner.centre[theirs]
        covariance = None
        if inner.covariance is not None and len(both) == len(inner.columns):
            first = int(frame.intercept)
            places = np.concatenate([np.arange(first), ours + first])
            covariance = np.zeros((frame.size, frame.size))
            covariance[np.ix_(places, places)] = inner.covariance
        coefficients = Coefficients(frame.columns, centre, coef, inner.intercept, covariance)
        return coefficients, limit.certificate, limit.totals.loglik, limit.steps

    def _answer(
        self, frame: Frame, solution: Solution, proof: Proof
    ) -> tuple[Status, Coefficients]:
        intercept, coef = frame.in_units(solution.theta)
        certificate = proof.certificate
        status: Status = "proved" if certificate.proved else "undetermined"
        # Out of steps is said even where something is proved, unless it is what was asked for.
        unfinished = solution.status in ("limit", "drifting", "stopped")
        if unfinished and not certificate.distance <= self.known.settings.tol:
            status = "not converged"
        settings = self.known.settings
        inferred = status == "proved" and settings.inference and not settings.l2
        covariance = covariance_of(proof.hessian, frame) if inferred else None
        return status, Coefficients(frame.columns, frame.centre, coef, intercept, covariance)

    def _totals(self, loglik: float) -> Totals:
        moments = self.known.moments
        return Totals(moments.rows, moments.total, moments.events, loglik, null_loglik(self.known))


def covariance_of(hessian: Array, frame: Frame) -> Array:
    """Return the inverse of a Hessian, for (intercept at the centre, coefficients)."""
    scale = 1.0 / np.sqrt(np.diag(hessian))
    scaled = hessian * scale[:, None] * scale
    inverse = np.linalg.inv((scaled + scaled.T) / 2.0) * scale[:, None] * scale
    exponent = np.concatenate([[0], frame.exponent]) if frame.intercept else frame.exponent
    inverse = np.ldexp(inverse, exponent[:, None] + exponent)
    return np.asarray((inverse + inverse.T) / 2.0)


def null_loglik(known: Known) -> float:
    """Return the log-likelihood of the intercept alone: without an offset no read is needed."""
    moments, settings = known.moments, known.settings
    events, total = moments.events, moments.total
    if known.intercept and not moments.offset_reach:
        return float(events * np.log(events / total) + (total - events) * np.log1p(-events / total))
    none = np.empty(0, dtype=np.int64)
    frame = Frame(none, np.empty(0), none, known.intercept)
    problem, theta = set_up(known, frame, np.empty(0)).problem, base_rate(moments, frame)
    at = problem.quadratic(theta)
    if known.intercept:
        most = settings.max_steps
        at = newton(problem, theta, at, BEYOND * settings.tol, most, most).at or at
    return -at.value
