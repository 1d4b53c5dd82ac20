"""What was asked of a fit, and what came out: frozen records that numbers travel in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sigmoide.arguments.words import printable
from sigmoide.blocks.block import Array, Integers
from sigmoide.design.design import Design
from sigmoide.design.roles import Roles
from sigmoide.design.target import Target
from sigmoide.proof.certificate import Certificate
from sigmoide.results.small_sample import Method, SmallSample

Status = Literal["proved", "converged", "separated", "undetermined", "not converged"]
SeparationKind = Literal["none", "quasi-complete", "complete", "undetermined", "not looked for"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fit.

    Attributes
    ----------
    l2 : float
        alpha of the objective: half of it times the squared coefficients is added to minus the
        log-likelihood.
    standardize : bool
        Whether alpha is of coefficients per standard deviation instead of per unit.
    tol : float
        Wanted distance to the optimum, in standard errors.
    aliased : {"drop", "error"}
        What is done with columns that are combinations of earlier ones.
    max_steps : int
        Most Newton steps.
    inference : bool
        Whether standard errors are wanted: they take the Hessian of all rows.
    method : {"ml", "firth", "flic", "flac"}
        Maximum likelihood (with a ridge, where l2 > 0), or a method for small samples.
    penalty_factors : tuple of (str, float)
        What alpha is multiplied by for some of the columns; 0 for those without a penalty.
    """

    l2: float = 0.0
    standardize: bool = False
    tol: float = 1e-9
    aliased: Literal["drop", "error"] = "drop"
    max_steps: int = 200
    inference: bool = True
    method: Method = "ml"
    penalty_factors: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Separation:
    """The witness of separation, or that there is none.

    Attributes
    ----------
    kind : str
        ``"none"``, ``"quasi-complete"``, ``"complete"``, ``"undetermined"``, or ``"not looked
        for"``: Firth's estimates are finite either way.
    signs : ndarray, shape (p,)
        Fate of each coefficient, the intercept first where there is one: 1 and -1 for +inf and
        -inf, 0 for finite, NaN for infinite with no determined sign.
    direction : ndarray, shape (1 + k,)
        A direction that separates, as (value at ``origin``, slopes of the k columns in use) in the
        user's units: no row speaks against it, and those of ``rows`` are on their side of it
        strictly. Without an intercept the value is 0, and so is ``origin``.
    origin : ndarray, shape (k,)
        Where the first entry of ``direction`` holds.
    rows : ndarray of int64
        Row numbers of the source of the separated rows.
    exact : bool
        Whether the witness was checked in rational arithmetic.
    """

    kind: SeparationKind
    signs: Array
    direction: Array = field(default_factory=lambda: np.empty(0))
    origin: Array = field(default_factory=lambda: np.empty(0))
    rows: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A linear predictor kept where it is accurate: around the centre of the columns.

    eta = offset + intercept + sum_j (x_j - centre_j) coef_j.

    Attributes
    ----------
    columns : ndarray of int64, shape (k,)
        Columns of X that are used: those that are not aliased.
    centre, coef : ndarray, shape (k,)
        In the user's units.
    intercept : float
        At the centre; 0 where the model has none.
    covariance : ndarray, shape (p, p), or None
        Inverse Hessian of (intercept, coef), p = k + 1 or k; None where it means nothing.
    """

    columns: Integers
    centre: Array
    coef: Array
    intercept: float
    covariance: Array | None


@dataclass(frozen=True, slots=True)
class AliasedColumn:
    """A column that was left out, and the combination that it is.

    Attributes
    ----------
    name : str
        The column.
    constant : float
        Multiple of the intercept.
    weights : dict
        Multiples of other columns.
    """

    name: str
    constant: float
    weights: dict[str, float]

    def __str__(self) -> str:
        parts = [] if not self.constant else [f"{self.constant:.6g}"]
        for name, weight in self.weights.items():
            size = "" if abs(weight) == 1.0 else f"{abs(weight):.6g} × "
            sign = "-" if weight < 0 else ("+" if parts else "")
            parts.append(f"{sign} {size}{name}".strip() if parts else f"{sign}{size}{name}")
        return printable(" ".join(parts) or "0")


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums that the statistics are made of.

    Attributes
    ----------
    rows : int
        Rows used.
    weight, events : float
        Sums of the weights, of all rows and of those with the event.
    loglik, null_loglik : float
        Log-likelihood, and that of the model with the intercept (and offset) alone. Under
        separation the first is its supremum.
    """

    rows: int
    weight: float
    events: float
    loglik: float
    null_loglik: float


@dataclass(frozen=True, slots=True)
class Step:
    """One point that the solver stood at.

    Attributes
    ----------
    reads : int
        Reads of the data so far.
    value : float
        The objective, penalty included.
    decrement : float
        The Newton decrement there, as computed.
    seconds : float
        Since the fit began.
    """

    reads: int
    value: float
    decrement: float
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known after a read.

    Attributes
    ----------
    reads : int
        Reads so far.
    what : str
        What the last one was for.
    rows : int
        Rows of a read.
    seconds : float
        Since the fit began.
    value : float or None
        The objective, where the read computed it.
    decrement : float or None
        The step that is left, in standard errors, as the solver measures it.
    gap : float or None
        How far the objective is above its minimum at most, where that is proved already.
    left : float or None
        Seconds to go at the pace so far, where something can be said of that.
    """

    reads: int
    what: str
    rows: int = 0
    seconds: float = 0.0
    value: float | None = None
    decrement: float | None = None
    gap: float | None = None
    left: float | None = None

    @property
    def rows_per_second(self) -> float:
        """Rows read in a second, on average."""
        return self.reads * self.rows / self.seconds if self.seconds > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit of blocks: numbers and verdicts, no names of a source.

    Attributes
    ----------
    status : str
        ``"proved"``, ``"separated"``, ``"undetermined"`` or ``"not converged"``; by Firth's method
        ``"converged"`` or ``"not converged"``, for nothing of it can be proved.
    coefficients : Coefficients
        The answer; under separation, of the limit on the rows that overlap.
    certificate : Certificate
        Of the answer to what was asked: never proved under separation.
    limit : Certificate or None
        Under quasi-complete separation, of the limit on the rows that overlap.
    separation : Separation
        The witness.
    aliased : tuple of AliasedColumn
        Columns left out.
    alpha : ndarray, shape (k,)
        Ridge penalty of each coefficient in use.
    totals : Totals
        Sums.
    steps : int
        Newton steps.
    reads : int
        Reads of the data, all told.
    seconds : float
        Wall-clock time.
    history : tuple of Step
        The points on the way, the answer last. The objective at the answer is at most
        ``certificate.gap`` above its minimum, so that the gap at every earlier point is known.
    small_sample : SmallSample or None
        Of Firth's method, FLIC and FLAC: convergence, intervals and tests. The covariance is the
        inverse information there, the log-likelihood is without penalty.
    """

    status: Status
    coefficients: Coefficients
    certificate: Certificate
    limit: Certificate | None
    separation: Separation
    aliased: tuple[AliasedColumn, ...]
    alpha: Array
    totals: Totals
    steps: int
    reads: int = 0
    seconds: float = 0.0
    history: tuple[Step, ...] = ()
    small_sample: SmallSample | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that is kept of a fit, and no row of the data.

    Attributes
    ----------
    design, target, roles
        How rows become numbers.
    settings : Settings
        How it was fitted.
    fit : Fit
        What came out.
    source : str
        What it was fitted on.
    source_rows : int
        Rows of the source.
    dropped : dict
        From the reason to the number of rows left out.
    notes : tuple of str
        What the reader was told.
    covariance : Covariance, optional
        What errors are taken from, where it was chosen; else the inverse Fisher information.
    """

    design: Design
    target: Target
    roles: Roles
    settings: Settings
    fit: Fit
    source: str
    source_rows: int
    dropped: dict[str, int]
    notes: tuple[str, ...]
    covariance: Covariance | None = None

    @property
    def response(self) -> str:
        """What is modelled, as a formula has it."""
        trials = self.roles.trials
        return self.target.column if trials is None else f"{self.target.column} / {trials}"

    @property
    def event(self) -> str:
        """The event, in words."""
        if self.roles.trials is not None:
            return f"{self.target.column} of {self.roles.trials}"
        return f"{self.target.column} = {self.target.event}"

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the coefficients in use, the intercept first."""
        every = self.design.names
        kept = tuple(every[j] for j in self.fit.coefficients.columns)
        return ("Intercept", *kept) if self.design.intercept else kept


@dataclass(frozen=True, slots=True)
class Covariance:
    """A covariance of the estimates, and what it rests on: as a table of them says it.

    Attributes
    ----------
    kind : str
        ``"Fisher"``, ``"HC0"`` to ``"HC3"``, ``"CR0"``, ``"CR_G"``, ``"CR1"``, ``"bootstrap"`` or
        ``"cluster bootstrap"``. HC are White's, in the names of Long and Ervin (2000) and Zeileis
        (2004); CR those by cluster of Liang and Zeger (1986).
    matrix : ndarray, shape (p, p)
        Of the user's coefficients, the intercept (where all columns are 0) first; NaN where it is
        withheld, which ``notes`` explain.
    central : ndarray, shape (p, p)
        The same with the intercept at the centre of the fit: what errors of predictions are
        computed from, which ``matrix`` may hold no digits of.
    n : float
        Observations, as the kind counts them.
    degrees : float
        Degrees of freedom that are left: n - p, or the (fewest) clusters less one.
    clusters : tuple of (str, int)
        Each column that clusters were made by, and how many it made.
    notes : tuple of str
        What a reader has to be told; empty where there is nothing.
    """

    kind: str
    matrix: Array
    central: Array
    n: float
    degrees: float
    clusters: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def standard_errors(self) -> Array:
        """Square roots of the diagonal; shape (p,); NaN where it is negative or withheld."""
        variances = np.diag(self.matrix)
        return np.sqrt(np.where(variances >= 0.0, variances, np.nan))

    @property
    def label(self) -> str:
        """The kind in words for the head of a table."""
        if not self.clusters:
            return self.kind
        by = " and ".join(f"{name} ({count:,})" for name, count in self.clusters)
        return f"{self.kind}, clusters of {by}"
