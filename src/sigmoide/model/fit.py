"""The fit: the first read, aliased columns, the solver, the proof, and what to do without one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sigmoide.certificate import LARGEST_DELTA, Certificate
from sigmoide.data.blocks import Array, Blocks, Drawn, Integers
from sigmoide.data.moments import Moments
from sigmoide.data.threads import single_threaded_arithmetic
from sigmoide.errors import AliasedError, ColumnError, TargetError
from sigmoide.kernels.frame import Frame, frame_of
from sigmoide.model.aliased import find_aliased
from sigmoide.model.problem import BlockProblem, moments_kernel
from sigmoide.model.prove import Proof, prove
from sigmoide.model.records import (
    AliasedColumn,
    Coefficients,
    Fit,
    Separation,
    Settings,
    Status,
    Step,
    Totals,
)
from sigmoide.model.sampled_proof import prove_by_sample, rows_to_prove_by
from sigmoide.model.watch import Progress, Remembering, Stopped, Watch
from sigmoide.model.witness import find_separation
from sigmoide.solver.aliasing import screen
from sigmoide.solver.choose import plan
from sigmoide.solver.newton import newton
from sigmoide.solver.problem import Linear, Quadratic, Solution
from sigmoide.solver.quasi import quasi_newton
from sigmoide.solver.sampled import Start, sampled_start

# The solver goes somewhat beyond what is asked, because the proof adds what rounding may hide.
_BEYOND = 0.1
# Squares of numbers up to here, and sums of them, are floats.
LARGEST = 1e150
# Steps that shrink the error by a constant factor only, before separation is looked for.
_PATIENCE = 8


def fit_blocks(
    blocks: Blocks,
    intercept: bool,
    settings: Settings,
    progress: Progress | None = None,
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

    Raises
    ------
    TargetError
        If all rows are of one class and there is an intercept.
    AliasedError
        If columns are aliased and ``settings.aliased`` is ``"error"``.
    """
    watch = Watch(progress, blocks, blocks.reads)
    with single_threaded_arithmetic():
        seen, drawn = _first_read(blocks, intercept, settings)
        watch.say(f"{seen.rows} rows, {len(blocks.names)} columns")
        refuse_unfit(blocks.names, seen, intercept)
        fit = _Fitting(blocks, intercept, settings, seen, drawn, watch, []).run()
    return replace(fit, reads=watch.reads, seconds=watch.seconds)


def _first_read(
    blocks: Blocks, intercept: bool, settings: Settings
) -> tuple[Moments, Drawn | None]:
    """Read the moments, and draw the rows by which the fit will be started and proved."""
    kernel = moments_kernel(blocks, intercept)
    size = len(blocks.names) + intercept
    wanted = plan(blocks.n_rows, size).sample
    if not wanted:
        return blocks.reduce(kernel), None
    if not settings.inference:
        wanted = max(wanted, rows_to_prove_by(blocks.n_rows, size))
    return blocks.survey(kernel, wanted)


def refuse_unfit(names: tuple[str, ...], seen: Moments, intercept: bool) -> None:
    """Refuse data that no model is fitted to.

    Raises
    ------
    TargetError
        If all rows are of one class and there is an intercept.
    ColumnError
        If the squares of a column, or those of its coefficient, are no floats.
    """
    # Without an intercept one class may have a maximum: x = 1 and x = -1 both answer 0.
    if intercept and not 0.0 < seen.events < seen.total:
        raise TargetError("all rows used are of one class; two classes are needed.")
    reach = np.maximum(np.abs(seen.low), np.abs(seen.high))
    with np.errstate(invalid="ignore"):
        spread = seen.high / 2.0 - seen.low / 2.0
    for name, far, wide in zip(names, reach, spread, strict=True):
        if far > LARGEST or 0.0 < wide < 1.0 / LARGEST:
            raise ColumnError(
                f"column {name!r} reaches {far:g} and spreads over {2 * wide:g}: its squares are "
                f"beyond what floating point holds. Give it in units between 1/{LARGEST:g} and "
                f"{LARGEST:g}."
            )


def refuse_aliased(aliased: tuple[AliasedColumn, ...], settings: Settings) -> None:
    """Refuse aliased columns where they are to be an error.

    Raises
    ------
    AliasedError
        If there are any, and ``settings.aliased`` is ``"error"``.
    """
    if aliased and settings.aliased == "error":
        raise AliasedError(
            "columns are linear combinations of earlier ones: "
            + "; ".join(f"{a.name} = {a}" for a in aliased)
            + ". Leave them out, or choose aliased='drop'."
        )


@dataclass(frozen=True, slots=True)
class _Fitting:
    """One fit under way: what stays the same from its first read to its last."""

    blocks: Blocks
    intercept: bool
    settings: Settings
    seen: Moments
    drawn: Drawn | None
    watch: Watch
    history: list[Step]

    def run(self) -> Fit:
        frame = frame_of(self.seen, self.intercept)
        alpha = self._alpha()
        start = self._start(frame, alpha)
        aliased: tuple[AliasedColumn, ...] = ()
        if not (alpha > 0.0).all() and screen(start.hessian):
            aliased, kept = self._aliased(frame, alpha)
            if aliased:
                frame, alpha = frame.keep(kept), alpha[kept]
                start = self._start(frame, alpha)
        # A ridge keeps the minimum finite: slow steps are then no sign of separation.
        ridge = bool((alpha > 0.0).all())
        solution = self._solve(frame, alpha, start, patient=ridge)
        proof = self._prove(frame, alpha, solution)
        if not proof.certificate.proved and solution.status == "converged":
            # Near enough by the standard errors, but these are so large that it proves nothing.
            solution = self._newton(frame, alpha, solution.theta, None, patient=ridge, target=0.0)
            proof = self._prove(frame, alpha, solution)
        separation = Separation("none", np.zeros(frame.size))
        if not proof.certificate.proved and not ridge and solution.status != "stopped":
            separation = find_separation(self.blocks, frame, self.seen)
            self.watch.say(f"separation: {separation.kind}, {len(separation.rows)} rows")
            if separation.kind == "undetermined" and solution.status == "drifting":
                solution = self._newton(frame, alpha, solution.theta, solution.at, patient=True)
                proof = self._prove(frame, alpha, solution)
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

    def _aliased(self, frame: Frame, alpha: Array) -> tuple[tuple[AliasedColumn, ...], Integers]:
        aliased, kept = find_aliased(self.blocks, frame, self.seen, alpha)
        self.watch.say(f"aliased columns: {len(aliased)}")
        refuse_aliased(aliased, self.settings)
        return aliased, kept

    def _prove(self, frame: Frame, alpha: Array, solution: Solution) -> Proof:
        """Prove by what a sample of the rows tells, where that is enough; else by all of them."""
        if solution.slope is not None and self.drawn is not None and not self.settings.inference:
            proof = prove_by_sample(
                self.blocks,
                self.drawn.plain,
                frame,
                solution.theta,
                alpha,
                self.seen,
                solution.slope,
            )
            if proof.certificate.distance <= self.settings.tol:
                self.watch.say(_proof_line(proof))
                return proof
        proof = prove(self.blocks, frame, solution.theta, alpha)
        self.watch.say(_proof_line(proof))
        return proof

    def _alpha(self) -> Array:
        """Return the penalty of each coefficient in the user's units."""
        alpha = np.full(len(self.blocks.names), self.settings.l2)
        return alpha * self.seen.deviation**2 if self.settings.standardize else alpha

    def _base_rate(self, frame: Frame) -> Array:
        theta = np.zeros(frame.size)
        if frame.intercept:
            theta[0] = np.log(self.seen.events) - np.log(self.seen.total - self.seen.events)
        return theta

    def _problem(self, frame: Frame, alpha: Array) -> BlockProblem:
        return BlockProblem(self.blocks, frame, frame.penalty(alpha))

    def _start(self, frame: Frame, alpha: Array) -> Start:
        """Start from the base rate, which is the optimum of the intercept alone, or a sample's."""
        theta = self._base_rate(frame)
        problem = self._problem(frame, alpha)
        if self.drawn is None:
            at = problem.quadratic(theta)
            return Start(theta, at.hessian, at=at)
        penalised = np.arange(frame.size) >= frame.intercept
        standing = BlockProblem(self.drawn.standing, frame, problem.ridge)
        held = standing.rows
        rows = min(plan(problem.rows, problem.size).sample or held, held)
        start = sampled_start(standing, problem.rows, theta, rows, penalised)
        self.watch.say(f"started from a sample of {rows:,} rows")
        return start

    def _solve(self, frame: Frame, alpha: Array, start: Start, *, patient: bool) -> Solution:
        if start.factor is None:
            return self._newton(frame, alpha, start.theta, start.at, patient=patient)
        # The proof by a sample of the rows is as much weaker as the sample is thinner.
        thin = math.sqrt(self.blocks.n_rows / start.rows)
        problem = Remembering(self._problem(frame, alpha), start.theta)
        target = _BEYOND * self.settings.tol / (1.0 if self.settings.inference else thin)

        def told(step: int, value: float, decrement: float) -> None:
            at = problem.at
            gap = None
            if self.watch.progress is not None and isinstance(at, Linear):
                gap = self._proved_gap(frame, alpha, problem.theta, at)
            self._step(step, value, decrement, gap, target)

        try:
            found = quasi_newton(
                problem, start.theta, start.factor, target, self.settings.max_steps, told
            )
        except Stopped:
            found = problem.stopped(self.history)
        if found.status in ("converged", "stalled", "stopped"):
            return found
        self.watch.say("quasi-Newton steps are slow here: full Hessians from now on")
        return self._newton(frame, alpha, found.theta, None, patient=patient)

    def _newton(
        self,
        frame: Frame,
        alpha: Array,
        theta: Array,
        at: Quadratic | None,
        *,
        patient: bool,
        target: float | None = None,
    ) -> Solution:
        problem = Remembering(self._problem(frame, alpha), theta, at)
        most = self.settings.max_steps
        aim = _BEYOND * self.settings.tol if target is None else target
        try:
            return newton(
                problem,
                theta,
                at or problem.quadratic(theta),
                aim,
                most,
                most if patient else _PATIENCE,
                lambda step, there, decrement: self._step(step, there.value, decrement, None, aim),
            )
        except Stopped:
            return problem.stopped(self.history)

    def _step(
        self, step: int, value: float, decrement: float, gap: float | None, target: float
    ) -> None:
        reads, seconds = self.watch.reads, self.watch.seconds
        self.history.append(Step(reads, value, decrement, seconds))
        self.watch.step(f"step {step}", value, decrement, gap, target)

    def _proved_gap(self, frame: Frame, alpha: Array, theta: Array, at: Linear) -> float | None:
        """Return how far the objective is above its minimum at most, by the rows drawn."""
        if self.drawn is None:
            return None
        part = self.drawn.plain
        proof = prove_by_sample(self.blocks, part, frame, theta, alpha, self.seen, at)
        return proof.certificate.gap if proof.certificate.proved else None

    def _limit(
        self, frame: Frame, separation: Separation
    ) -> tuple[Coefficients, Certificate | None, float, int]:
        """Fit the rows that overlap: what stays finite when the rest goes to infinity.

        Returns the coefficients (those that are infinite are 0 here, or stand in for a
        combination that is finite), their certificate, the supremum of the log-likelihood, and
        the steps taken. The separated rows add nothing to the likelihood in the limit.
        """
        d = len(frame.columns)
        centre, coef = np.zeros(d), np.zeros(d)
        if len(separation.rows) == self.blocks.n_rows:
            return Coefficients(frame.columns, centre, coef, 0.0, None), None, 0.0, 0
        rest = self.blocks.without(separation.rows)
        limit = fit_blocks(rest, self.intercept, replace(self.settings, aliased="drop"))
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
        found = Coefficients(frame.columns, centre, coef, inner.intercept, covariance)
        return found, limit.certificate, limit.totals.loglik, limit.steps

    def _answer(
        self, frame: Frame, solution: Solution, proof: Proof
    ) -> tuple[Status, Coefficients]:
        intercept, coef = frame.in_units(solution.theta)
        found = proof.certificate
        status: Status = "proved" if found.proved else "undetermined"
        # Out of steps is said even where something is proved, unless it is what was asked for.
        unfinished = solution.status in ("limit", "drifting", "stopped")
        if unfinished and not found.distance <= self.settings.tol:
            status = "not converged"
        inferred = status == "proved" and self.settings.inference and not self.settings.l2
        covariance = covariance_of(proof.hessian, frame) if inferred else None
        return status, Coefficients(frame.columns, frame.centre, coef, intercept, covariance)

    def _totals(self, loglik: float) -> Totals:
        return Totals(
            self.seen.rows, self.seen.total, self.seen.events, loglik, self._null_loglik()
        )

    def _null_loglik(self) -> float:
        """Return the log-likelihood of the model with the intercept and the offset alone."""
        total, events = self.seen.total, self.seen.events
        if self.intercept and not self.seen.offset_reach:
            return float(
                events * np.log(events / total) + (total - events) * np.log1p(-events / total)
            )
        none = np.empty(0, dtype=np.int64)
        frame = Frame(none, np.empty(0), none, self.intercept)
        theta = self._base_rate(frame)
        problem = self._problem(frame, np.empty(0))
        at = problem.quadratic(theta)
        if self.intercept:
            most = self.settings.max_steps
            target = _BEYOND * self.settings.tol
            at = newton(problem, theta, at, target, most, most).at or at
        return -at.value


def covariance_of(hessian: Array, frame: Frame) -> Array:
    """Return the inverse of a Hessian, for (intercept at the centre, coefficients)."""
    scale = 1.0 / np.sqrt(np.diag(hessian))
    scaled = hessian * scale[:, None] * scale
    inverse = np.linalg.inv((scaled + scaled.T) / 2.0) * scale[:, None] * scale
    exponent = np.concatenate([[0], frame.exponent]) if frame.intercept else frame.exponent
    inverse = np.ldexp(inverse, exponent[:, None] + exponent)
    return np.asarray((inverse + inverse.T) / 2.0)


def _proof_line(proof: Proof) -> str:
    found = proof.certificate
    if found.proved:
        return f"proof: within {found.distance:.1e} s.e. of the maximum"
    return f"no proof: delta {found.delta:.2g}, above {LARGEST_DELTA}"
