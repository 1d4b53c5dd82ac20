"""How an answer is proved: by what costs least first, and how far the solver goes for its sake."""

from __future__ import annotations

import math

from sigmoide.blocks.block import Array
from sigmoide.fit.routes import Route
from sigmoide.fit.setup import Known, Setup
from sigmoide.problem.protocols import Linear, Quadratic, Solution
from sigmoide.proof.by_ridge import RidgeMeasure, prove_by_ridge, ridge_measure
from sigmoide.proof.by_sample import near_enough, prove_by_last, prove_by_sample
from sigmoide.proof.certificate import LARGEST_DELTA
from sigmoide.proof.full_hessian import Proof, foretold, prove

# The solver goes somewhat beyond what is asked, because the proof adds what rounding may hide.
BEYOND = 0.1
# Where the solver measures as the proof will, it need not go as far.
_NEARLY = 0.5
# Nearer than this no fit goes for the sake of a cheaper proof.
_NEAREST = 1e-6
# Where there are more coordinates, a Hessian is too much memory.
_MOST_COORDINATES = 4000


def prove_solution(known: Known, setup: Setup, solution: Solution) -> Proof:
    """Prove by what some rows tell, where that is enough; else by all of them."""
    tol, problem, theta = known.settings.tol, setup.problem, solution.theta
    proof = prove_cheaply(known, setup, theta, solution.slope or solution.at)
    few = problem.size <= _MOST_COORDINATES
    # A Hessian at the end serves standard errors too; the full proof would read the rows again.
    wanted = known.settings.inference and problem.compiled and few
    missed = proof is not None and not proof.certificate.distance <= tol and few
    at = solution.at
    if solution.slope and (missed or (proof is None and wanted)):
        at = problem.quadratic(theta)
        proof = prove_by_last(problem, theta, known.moments, at)
    missed = proof is not None and not proof.certificate.distance <= tol and few
    if proof is None or (missed and not _hopeless(known, setup, theta, at, proof)):
        full = prove(known.blocks, setup.frame, theta, setup.alpha)
        proof = full if proof is None else _sharper(proof, full)
    return proof


def prove_cheaply(
    known: Known, setup: Setup, theta: Array, at: Linear | Quadratic | None
) -> Proof | None:
    """Prove by what is there already; None where nothing is, or standard errors are wanted."""
    if at is None:
        return None
    if isinstance(at, Quadratic):
        # Reads of few rows cost nothing, and the full proof is sharper.
        if known.settings.inference and not setup.problem.compiled:
            return None
        return prove_by_last(setup.problem, theta, known.moments, at)
    if known.settings.inference or known.drawn is None:
        return None
    by_ridge = known.chosen.solver == "diagonal" and setup.penalised
    prover = prove_by_ridge if by_ridge else prove_by_sample
    return prover(setup.problem, known.drawn.plain, theta, known.moments, at)


def aim(known: Known, setup: Setup, route: Route, at: Linear) -> tuple[RidgeMeasure | None, float]:
    """Return what measures gradients, and the measure that suffices for the proof to come."""
    tol = known.settings.tol
    if known.drawn is None or known.settings.inference:
        return None, BEYOND * tol
    part = known.drawn.plain
    if known.chosen.solver == "diagonal" and setup.penalised:
        measure = ridge_measure(setup.problem, part, route.theta, known.moments, at, tol)
        if measure is None:
            return None, BEYOND * tol
        return measure, _NEARLY * min(tol, max(measure.enough, _NEAREST))
    # The proof by a sample of the rows is as much weaker as the sample is thinner; and the
    # least eigenvalue of so few rows is by (1 - (p/m)^(1/2))^2 smaller (Marchenko and Pastur).
    thin = math.sqrt(part.n_rows / known.blocks.n_rows)
    even = 1.0 - math.sqrt(min(setup.frame.size / part.n_rows, 0.8))
    near = tol
    # A loose tolerance may be too far for a cheap proof, and a step costs less than a Hessian.
    if route.hessian is not None:
        some = thin**2 * route.hessian
        enough = near_enough(setup.problem, some, route.theta, known.moments, at)
        near = min(tol, max(enough, _NEAREST))
    return None, _NEARLY * near * thin * even


def proof_line(proof: Proof) -> str:
    """Say in one line what a proof says."""
    certificate = proof.certificate
    if certificate.proved:
        return f"proof: within {certificate.distance:.1e} s.e. of the maximum"
    return f"no proof: delta {certificate.delta:.2g}, above {LARGEST_DELTA}"


def _hopeless(known: Known, setup: Setup, theta: Array, at: Quadratic | None, proof: Proof) -> bool:
    """Return whether rounding keeps the full proof, too, from what is wanted."""
    if at is None or known.drawn is None or not proof.certificate.proved:
        return False
    part = known.drawn.standing
    rounding = foretold(known.blocks, part, setup.frame, theta, at.gradient, at.hessian)
    return rounding > known.settings.tol


def _sharper(cheap: Proof, full: Proof) -> Proof:
    """Return one of two proofs: rounding is bounded in two ways, of which neither is the best."""
    return cheap if cheap.certificate.distance < full.certificate.distance else full
