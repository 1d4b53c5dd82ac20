"""What came of a method for small samples: Firth's, and FLIC and FLAC after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sigmoide.blocks.block import Array
from sigmoide.proof.certificate import Certificate, unproved

Method = Literal["ml", "firth", "flic", "flac"]
Reached = Literal["converged", "stalled", "limit"]

# How each is called where it is spoken of.
LABELS = {"firth": "Firth's method", "flic": "FLIC", "flac": "FLAC"}


@dataclass(frozen=True, slots=True)
class Convergence:
    """How near a search came to a point where the modified score vanishes.

    Attributes
    ----------
    status : {"converged", "stalled", "limit"}
        ``stalled``: rounding allowed no further step. ``limit``: the allowed steps were used up.
    decrement : float
        sqrt(U*' I^-1 U*): the modified score in standard errors of the estimates.
    score : float
        Largest entry of U* in the coordinates of the fit: columns centred, and scaled by a power
        of two to a deviation between 1 and 2.
    steps : int
        Steps taken.
    maximum : bool or None
        Whether the penalised likelihood bends downwards in every direction there, as computed;
        None where its Hessian was not (with many rows to each column).
    """

    status: Reached
    decrement: float
    score: float
    steps: int
    maximum: bool | None

    @property
    def reached(self) -> bool:
        """Whether it is an answer: what is left is below what a table shows."""
        return self.status == "converged" or (self.status == "stalled" and self.decrement <= 1e-6)

    def __str__(self) -> str:
        near = f"{self.decrement:.1e} standard errors from where the modified score vanishes"
        known = {True: ", at a local maximum", False: ", at a saddle", None: ""}[self.maximum]
        said = "the penalised likelihood is not known to have only one maximum"
        if self.reached:
            return f"converged to {near}{known} ({self.steps} steps); {said}"
        return f"not converged: {near} after {self.steps} steps"


@dataclass(frozen=True, slots=True)
class SmallSample:
    """Firth's estimates, how they were reached, and the inference that goes with them.

    Intervals and tests need the rows, and the result holds none: they are kept as computed.

    Attributes
    ----------
    method : {"firth", "flic", "flac"}
        What the coefficients of the fit are.
    convergence : Convergence
        How near Firth's estimates are to a point where the modified score vanishes.
    intercept : float
        Firth's, around the centre of the fit's coefficients: those of FLIC and FLAC differ.
    coef : ndarray, shape (k,)
        Firth's slopes.
    penalised_loglik : float
        ln L + ln det I / 2 at Firth's estimates, I in the user's columns.
    null_penalised_loglik : float
        The same with all slopes held at 0 (without an intercept: everything), by the penalty of
        the whole model. NaN where it did not converge.
    alpha : float
        One minus the coverage of the intervals.
    intervals : ndarray, shape (p, 2)
        Penalised profile likelihood. FLIC: Wald's for the intercept. FLAC: profile likelihood of
        rows and pseudo-rows. NaN where a search did not end.
    statistics, p : ndarray, shape (p,)
        Likelihood-ratio statistics of each coefficient against 0, by the same likelihoods, and
        their p-values with one degree of freedom. FLIC: Wald's for the intercept.
    overall, overall_p : float
        The same of all slopes together (without an intercept: of everything).
    correction : Certificate or None
        FLIC and FLAC: of the maximum-likelihood fit that follows Firth's.
    mark : float
        FLAC: the coefficient of the column that marks the pseudo-rows.
    """

    method: Method
    convergence: Convergence
    intercept: float
    coef: Array
    penalised_loglik: float
    null_penalised_loglik: float
    alpha: float
    intervals: Array
    statistics: Array
    p: Array
    overall: float
    overall_p: float
    correction: Certificate | None = None
    mark: float = 0.0

    @property
    def reached(self) -> bool:
        """Whether there is an answer: neither a search cut short nor a saddle."""
        followed = self.correction is None or self.correction.proved
        return self.convergence.reached and self.convergence.maximum is not False and followed


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found at the coefficients of a model.

    Attributes
    ----------
    method : {"firth", "flic", "flac"}
        The model's.
    decrement : float
        sqrt(U*' I^-1 U*) at Firth's estimates: the modified score in standard errors of them.
        Infinite where the information is singular to working precision.
    following : float or None
        The score of the maximum-likelihood fit that follows, in standard errors of its estimates:
        FLIC's of the intercept, FLAC's of rows and pseudo-rows.
    reads : int
        Reads of the data.
    """

    method: Method
    decrement: float
    following: float | None
    reads: int

    def within(self, tol: float) -> bool:
        """Whether both are as small as that."""
        return self.decrement <= tol and (self.following is None or self.following <= tol)

    def __str__(self) -> str:
        said = (
            f"the modified score vanishes within {self.decrement:.1e} standard errors of Firth's "
            "estimates"
        )
        if self.following is None:
            return said
        return f"{said}, and the score of {LABELS[self.method]} within {self.following:.1e} of its"

    @property
    def certificate(self) -> Certificate:
        """The same as a certificate, which proves nothing."""
        reason = f"Firth's method has no proof. Checked: {self}"
        return replace(unproved("modified score", self.reads, reason), decrement=self.decrement)
