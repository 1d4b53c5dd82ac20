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
from sigmoide.kernels.worth import worth_compiling
from sigmoide.model.aliased import find_aliased
from sigmoide.model.held import rows_beside
from sigmoide.model.penalties import every_column, penalties, with_penalties
from sigmoide.model.problem import BlockProblem, moments_kernel, problem_of
from sigmoide.model.prove import Proof, foretold, prove
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
from sigmoide.model.ridge_proof import RidgeMeasure, prove_by_ridge, ridge_measure
from sigmoide.model.sampled_proof import (
    near_enough,
    prove_by_last,
    prove_by_sample,
    rows_to_prove_by,
)
from sigmoide.model.watch import Progress, Remembering, Stopped, Watch
from sigmoide.model.ways import Begun, begin, begin_next
from sigmoide.model.witness import find_separation
from sigmoide.solver.aliasing import screen
from sigmoide.solver.choose import Plan, newton_follows, plan
from sigmoide.solver.inverse import Inverse
from sigmoide.solver.newton import newton
from sigmoide.solver.problem import Linear, Quadratic, Solution
from sigmoide.solver.quasi import quasi_newton
from sigmoide.solver.spiked import Spiked

# The solver goes somewhat beyond what is asked, because the proof adds what rounding may hide.
_BEYOND = 0.1
# Where the solver measures as the proof will, it need not go as far.
_NEARLY = 0.5
# Nearer than this no fit goes for the sake of a cheaper proof.
_NEAREST = 1e-6
# Where there are more coordinates, a Hessian is too much memory.
_MOST_COORDINATES = 4000
# Steps with a diagonal, for one of Newton's.
_DIAGONAL_EACH = 10
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
        chosen = plan(blocks.n_rows, len(blocks.names) + intercept)
        seen, drawn = _first_read(blocks, intercept, chosen, settings)
        watch.say(f"{seen.rows} rows, {len(blocks.names)} columns")
        refuse_unfit(blocks.names, seen, intercept)
        fit = _Fitting(blocks, intercept, settings, seen, chosen, drawn, watch, []).run()
    return replace(fit, reads=watch.reads, seconds=watch.seconds)


def _first_read(
    blocks: Blocks, intercept: bool, chosen: Plan, settings: Settings
) -> tuple[Moments, Drawn | None]:
    """Read the moments, and draw the rows by which the fit will be started and proved."""
    kernel = moments_kernel(blocks, intercept)
    size, diagonal = len(blocks.names) + intercept, chosen.way == "diagonal"
    wanted = rows_beside(size) if diagonal else chosen.sample
    by_rows = not (diagonal and every_column(settings))
    if chosen.way != "newton" and by_rows and not settings.inference:
        wanted = max(wanted, rows_to_prove_by(blocks.n_rows, size))
    if not wanted:
        return blocks.reduce(kernel), None
    return blocks.survey(kernel, min(wanted, blocks.n_rows))


def refuse_unfit(names: tuple[str, ...], seen: Moments, intercept: bool) -> None:
    """Refuse data that no model is fitted to.

    Raises
    ------
    TargetError
        If all rows are of one class and there is an intercept.
    ColumnError
        If a column holds what is no finite number, or its squares or those of its coefficient are
        no floats.
    """
    # Without an intercept one class may have a maximum: x = 1 and x = -1 both answer 0.
    if intercept and not 0.0 < seen.events < seen.total:
        raise TargetError("all rows used are of one class; two classes are needed.")
    reach = np.maximum(np.abs(seen.low), np.abs(seen.high))
    with np.errstate(invalid="ignore"):
        spread = seen.high / 2.0 - seen.low / 2.0
    finite = np.isfinite(seen.mean)
    if finite.all() and not ((reach > LARGEST) | ((spread > 0) & (spread < 1 / LARGEST))).any():
        return
    for name, far, wide, fine in zip(names, reach, spread, finite, strict=True):
        if not fine and not LARGEST < far < np.inf:
            raise ColumnError(
                f"column {name!r} holds values that are missing or infinite. Leave these rows out, "
                "or put numbers in their place."
            )
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
class _Posed:
    """The coordinates, the penalty of each coefficient, and the objective."""

    frame: Frame
    alpha: Array
    problem: BlockProblem

    @property
    def penalised(self) -> bool:
        """Whether every coefficient is."""
        return bool((self.alpha > 0.0).all())


@dataclass(frozen=True, slots=True)
class _Fitting:
    """One fit under way: what stays the same from its first read to its last."""

    blocks: Blocks
    intercept: bool
    settings: Settings
    seen: Moments
    chosen: Plan
    drawn: Drawn | None
    watch: Watch
    history: list[Step]

    def run(self) -> Fit:
        posed = self._pose(frame_of(self.seen, self.intercept), self._alpha())
        begun = self._begin(posed)
        aliased: tuple[AliasedColumn, ...] = ()
        found = None if self._screened(posed, begun) else self._proved(posed, begun)
        # Where no Hessian told whether columns are aliased, a proof tells that they are not.
        if found is None or (begun.hessian is None and self._in_doubt(posed, *found)):
            aliased, kept = self._aliased(posed)
            if aliased:
                posed = self._pose(posed.frame.keep(kept), posed.alpha[kept])
                begun = self._begin(posed)
            if aliased or found is None:
                found = self._proved(posed, begun)
        solution, proof = found
        frame, alpha = posed.frame, posed.alpha
        separation = Separation("none", np.zeros(frame.size))
        if self._in_doubt(posed, solution, proof):
            separation = find_separation(self.blocks, frame, self.seen, alpha)
            self.watch.say(f"separation: {separation.kind}, {len(separation.rows)} rows")
            if separation.kind == "undetermined" and solution.status == "drifting":
                solution = self._newton(posed, solution.theta, solution.at, patient=True)
                proof = self._prove(posed, solution)
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

    def _screened(self, posed: _Posed, begun: Begun) -> bool:
        """Return whether the first Hessian leaves open that columns are aliased."""
        return not posed.penalised and begun.hessian is not None and screen(begun.hessian)

    def _in_doubt(self, posed: _Posed, solution: Solution, proof: Proof) -> bool:
        """Return whether a maximum may be missing."""
        finished = solution.status != "stopped"
        return finished and not posed.penalised and not proof.certificate.proved

    def _proved(self, posed: _Posed, begun: Begun) -> tuple[Solution, Proof]:
        """Go the way that was begun, and prove where it ends."""
        # A ridge keeps the minimum finite: slow steps are then no sign of separation.
        patient = posed.penalised
        solution = self._solve(posed, begun, patient=patient)
        proof = self._prove(posed, solution)
        if not proof.certificate.proved and solution.status == "converged":
            # Near enough by the standard errors, but these are so large that it proves nothing.
            solution = self._newton(posed, solution.theta, None, patient=patient, target=0.0)
            proof = self._prove(posed, solution)
        return solution, proof

    def _aliased(self, posed: _Posed) -> tuple[tuple[AliasedColumn, ...], Integers]:
        aliased, kept = find_aliased(self.blocks, posed.frame, self.seen, posed.alpha)
        self.watch.say(f"aliased columns: {len(aliased)}")
        refuse_aliased(aliased, self.settings)
        return aliased, kept

    def _prove(self, posed: _Posed, solution: Solution) -> Proof:
        """Prove by what some rows tell, where that is enough; else by all of them."""
        tol, problem, theta = self.settings.tol, posed.problem, solution.theta
        proof = self._prove_cheaply(posed, theta, solution.slope or solution.at)
        few = problem.size <= _MOST_COORDINATES
        # A Hessian at the end serves standard errors too; the full proof would read the rows again.
        wanted = self.settings.inference and problem.compiled and few
        missed = proof is not None and not proof.certificate.distance <= tol and few
        at = solution.at
        if solution.slope and (missed or (proof is None and wanted)):
            at = problem.quadratic(theta)
            proof = prove_by_last(problem, theta, self.seen, at)
        missed = proof is not None and not proof.certificate.distance <= tol and few
        if proof is None or (missed and not self._hopeless(posed, theta, at, proof)):
            full = prove(self.blocks, posed.frame, theta, posed.alpha)
            proof = full if proof is None else _sharper(proof, full)
        self.watch.say(_proof_line(proof))
        return proof

    def _hopeless(self, posed: _Posed, theta: Array, at: Quadratic | None, proof: Proof) -> bool:
        """Return whether rounding keeps the full proof, too, from what is wanted."""
        if at is None or self.drawn is None or not proof.certificate.proved:
            return False
        part = self.drawn.standing
        rounding = foretold(self.blocks, part, posed.frame, theta, at.gradient, at.hessian)
        return rounding > self.settings.tol

    def _prove_cheaply(
        self, posed: _Posed, theta: Array, at: Linear | Quadratic | None
    ) -> Proof | None:
        """Prove by what is there already; None where nothing is, or standard errors are wanted."""
        if at is None:
            return None
        if isinstance(at, Quadratic):
            # Reads of few rows cost nothing, and the full proof is sharper.
            if self.settings.inference and not posed.problem.compiled:
                return None
            return prove_by_last(posed.problem, theta, self.seen, at)
        if self.settings.inference or self.drawn is None:
            return None
        by_ridge = self.chosen.way == "diagonal" and posed.penalised
        way = prove_by_ridge if by_ridge else prove_by_sample
        return way(posed.problem, self.drawn.plain, theta, self.seen, at)

    def _alpha(self) -> Array:
        """Return the penalty of each coefficient in the user's units."""
        return penalties(self.settings, self.blocks.names, self.seen.deviation)

    def _base_rate(self, frame: Frame) -> Array:
        theta = np.zeros(frame.size)
        if frame.intercept:
            theta[0] = np.log(self.seen.events) - np.log(self.seen.total - self.seen.events)
        return theta

    def _pose(self, frame: Frame, alpha: Array) -> _Posed:
        ridge = frame.penalty(alpha)
        # By the columns that were asked for: proofs and first reads count them, too.
        compiled = worth_compiling(self.blocks.n_rows, len(self.blocks.names) + self.intercept)
        return _Posed(frame, alpha, problem_of(self.blocks, frame, ridge, compiled=compiled))

    def _begin(self, posed: _Posed) -> Begun:
        base, way = self._base_rate(posed.frame), self.chosen.way
        begun = begin(way, posed.problem, base, self.seen, self.drawn)
        if begun.drawn is not None:
            sample = begun.drawn.standing.n_rows
            self.watch.say(f"started from a sample of {sample:,} rows")
            size = posed.frame.size
            if self.settings.inference and newton_follows(sample, size):
                begun = replace(begun, inverse=None)
        return begun

    def _solve(self, posed: _Posed, begun: Begun, *, patient: bool) -> Solution:
        """Go the way that was begun, and others where it is given up."""
        taken = 0
        while begun.inverse is not None:
            found = self._quasi(posed, begun, begun.inverse)
            taken += found.steps
            if found.status != "drifting":
                return replace(found, steps=taken)
            following = begin_next(begun, posed.problem, found.theta, self.seen)
            to = "full Hessians" if following is None else "a sample's Hessian"
            self.watch.say(f"steps are slow here: {to} from now on")
            begun = following or Begun(found.theta)
        found = self._newton(posed, begun.theta, begun.at, patient=patient)
        return replace(found, steps=taken + found.steps)

    def _quasi(self, posed: _Posed, begun: Begun, inverse: Inverse) -> Solution:
        problem = Remembering(posed.problem, begun.theta)
        at = problem.slope(begun.theta)
        measure, target = self._aim(posed, begun, at)

        def told(step: int, value: float, decrement: float) -> None:
            gap = None
            if self.watch.progress is not None:
                proof = self._prove_cheaply(posed, problem.theta, problem.at)
                gap = proof.certificate.gap if proof and proof.certificate.proved else None
            self._step(step, value, decrement, gap, target)

        most = self.settings.max_steps
        if isinstance(inverse, Spiked):
            most *= _DIAGONAL_EACH
        try:
            return quasi_newton(
                problem,
                begun.theta,
                at,
                inverse,
                target,
                most,
                told,
                measure=measure,
                worth=begun.worth,
            )
        except Stopped:
            return problem.stopped(self.history)

    def _aim(self, posed: _Posed, begun: Begun, at: Linear) -> tuple[RidgeMeasure | None, float]:
        """Return what measures gradients, and the measure that suffices for the proof to come."""
        tol = self.settings.tol
        if self.drawn is None or self.settings.inference:
            return None, _BEYOND * tol
        part = self.drawn.plain
        if self.chosen.way == "diagonal" and posed.penalised:
            measure = ridge_measure(posed.problem, part, begun.theta, self.seen, at, tol)
            if measure is None:
                return None, _BEYOND * tol
            return measure, _NEARLY * min(tol, max(measure.enough, _NEAREST))
        # The proof by a sample of the rows is as much weaker as the sample is thinner; and the
        # least eigenvalue of so few rows is by (1 - (p/m)^(1/2))^2 smaller (Marchenko and Pastur).
        thin = math.sqrt(part.n_rows / self.blocks.n_rows)
        even = 1.0 - math.sqrt(min(posed.frame.size / part.n_rows, 0.8))
        near = tol
        # A loose tolerance may be too far for a cheap proof, and a step costs less than a Hessian.
        if begun.hessian is not None:
            some = thin**2 * begun.hessian
            enough = near_enough(posed.problem, some, begun.theta, self.seen, at)
            near = min(tol, max(enough, _NEAREST))
        return None, _NEARLY * near * thin * even

    def _newton(
        self,
        posed: _Posed,
        theta: Array,
        at: Quadratic | None,
        *,
        patient: bool,
        target: float | None = None,
    ) -> Solution:
        problem = Remembering(posed.problem, theta, at)
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
        if len(separation.rows) == self.blocks.n_rows:
            return Coefficients(frame.columns, centre, coef, 0.0, None), None, 0.0, 0
        rest = self.blocks.without(separation.rows)
        asked = with_penalties(self.settings, self.blocks.names, self._alpha())
        limit = fit_blocks(rest, self.intercept, replace(asked, aliased="drop"))
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
        problem = self._pose(frame, np.empty(0)).problem
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


def _sharper(cheap: Proof, full: Proof) -> Proof:
    """Return one of two proofs: rounding is bounded in two ways, of which neither is the best."""
    return cheap if cheap.certificate.distance < full.certificate.distance else full


def _proof_line(proof: Proof) -> str:
    found = proof.certificate
    if found.proved:
        return f"proof: within {found.distance:.1e} s.e. of the maximum"
    return f"no proof: delta {found.delta:.2g}, above {LARGEST_DELTA}"
