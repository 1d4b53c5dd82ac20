"""``LogisticRegression`` in scikit-learn's habits."""

from __future__ import annotations

import sys
import warnings
from contextlib import suppress
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning as SklearnConvergenceWarning
from sklearn.utils import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from sigmoide.api.estimator_checks import (
    all_finite,
    check_number,
    features,
    is_plain,
    no_number,
    refuse_class_weight,
    sample_weights,
    target,
    two_classes,
)
from sigmoide.arguments.arrays import is_sparse
from sigmoide.arguments.words import shown
from sigmoide.blocks.arrays import SparseRows, rows_per_block
from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.threads import default_threads
from sigmoide.errors import (
    AliasedWarning,
    ColumnError,
    NotProvedWarning,
    SeparationWarning,
    TargetError,
    UsageError,
)
from sigmoide.fit.driver import fit_blocks
from sigmoide.problem import objective
from sigmoide.report.text import reading_line
from sigmoide.report.warned import aliased_line, not_proved_line
from sigmoide.results.covariance import in_columns, with_fates
from sigmoide.results.predict import predict
from sigmoide.results.records import Fit, Reading, Settings

# Names of ways to the one optimum; which way is taken is sigmoide's own choice.
_SOLVERS = ("auto", "lbfgs", "newton-cg", "newton-cholesky", "sag", "saga")


class ConvergenceWarning(NotProvedWarning, SklearnConvergenceWarning):  # type: ignore[misc]
    """The optimum is not proved; caught as scikit-learn's warning of this name, too."""


class LogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Binary logistic regression with a ridge penalty, proved at every fit.

    The names, attributes and meanings are scikit-learn's: the objective is the sum of the rows'
    losses plus 1/(2C) times the sum of squared coefficients; the intercept is not penalised.

    Parameters
    ----------
    penalty : {"deprecated", "l2", None}
        Kept for old code: None means C = inf.
    C : float
        Inverse of the penalty; ``np.inf`` for none.
    l1_ratio : float
        0 only.
    dual : bool
        False only.
    tol : float
        Wanted proved distance to the optimum, in standard errors (of the inverse Hessian).
    fit_intercept : bool
        Whether the model has an intercept.
    intercept_scaling : float
        1 only: the intercept is never penalised, so there is nothing to scale.
    class_weight : dict, "balanced" or None
        Weights of the classes, multiplied into ``sample_weight``.
    random_state
        Accepted; nothing is random.
    solver : str
        ``"auto"``, or one of scikit-learn's names, which all ask for the same optimum; how it is
        reached is decided by sigmoide. ``"liblinear"`` is refused, for it penalises the intercept.
    max_iter : int
        Most Newton steps.
    verbose : int
        Above 0, a line per read on standard error.
    warm_start : bool
        False only.
    n_jobs : int or None
        Threads; None and -1 are all processors. The bits of the fit do not depend on it.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The classes; the second is the one whose probability is modelled.
    coef_ : ndarray of shape (1, n_features)
        Coefficients; 0 for aliased columns, infinite or NaN for separated ones.
    intercept_ : ndarray of shape (1,)
        Intercept.
    n_iter_ : ndarray of shape (1,)
        Newton steps.
    n_features_in_, feature_names_in_
        As in scikit-learn.
    certificate_ : Certificate
        The proof.
    fit_ : Fit
        Everything that came out: separation, aliased columns, reads.

    Examples
    --------
    >>> import numpy as np
    >>> from sigmoide import LogisticRegression
    >>> X, y = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 1, 0, 1])
    >>> model = LogisticRegression().fit(X, y)
    >>> model.certificate_.proved
    True
    """

    def __init__(
        self,
        penalty: Any = "deprecated",
        *,
        C: float = 1.0,
        l1_ratio: float = 0.0,
        dual: bool = False,
        tol: float = 1e-6,
        fit_intercept: bool = True,
        intercept_scaling: float = 1,
        class_weight: Any = None,
        random_state: Any = None,
        solver: str = "auto",
        max_iter: int = 100,
        verbose: int = 0,
        warm_start: bool = False,
        n_jobs: int | None = None,
    ) -> None:
        self.penalty = penalty
        self.C = C
        self.l1_ratio = l1_ratio
        self.dual = dual
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : array or sparse matrix of shape (n, n_features)
            float32 is kept as it is; the arithmetic is in float64. The rows of a sparse matrix are
            made dense as they are read, a block at a time, to the same bits.
        y : array of shape (n,)
            Two classes.
        sample_weight : array of shape (n,), optional
            Weights of the rows; rows of weight 0 are left out.

        Raises
        ------
        UsageError
            For a parameter that is not available, by its name.
        ValueError
            For data that cannot be used.

        Warns
        -----
        ConvergenceWarning, SeparationWarning
            If the fit is not proved.
        AliasedWarning
            If C is infinite and columns are combinations of others: their coefficients are 0.
        """
        settings = self._settings()
        weighed = sample_weight is not None or self.class_weight is not None
        X, event = self._checked(X, y, weighed=weighed)
        blocks = self._blocks(X, event, sample_weight)
        progress = _print_read if self.verbose else None
        try:
            fit = fit_blocks(blocks, self.fit_intercept, settings, progress)
        except ColumnError:
            # What is not finite is refused in scikit-learn's words, what is too large in ours.
            self._validated(X, reset=False)
            raise
        self._keep(fit, X.shape[1])
        self._warn(fit, blocks.names)
        return self

    def _checked(self, X: Any, y: Any, *, weighed: bool) -> tuple[Any, NDArray[np.bool_]]:
        """Return the rows, and which of them are events; set what is learned of both.

        Whether the numbers of rows that are all used are finite is seen in the first read of them.
        """
        encoded = two_classes(y, len(X)) if is_plain(X) else None
        if encoded is not None and (not weighed or all_finite(X)):
            self.n_features_in_ = X.shape[1]
            if hasattr(self, "feature_names_in_"):
                del self.feature_names_in_
            self.classes_, event = encoded
            return X, event
        X, y = self._validated(X, target(y), y_numeric=False)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind != "binary":
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}. "
                "Make it two classes, one against the others."
            )
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                "This solver needs samples of at least 2 classes in the data, but the data "
                f"contains only one class: {self.classes_[0]!r}"
            )
        return X, codes > 0

    def _validated(self, X: Any, *y: Any, **options: Any) -> Any:
        """Return X, and y where it is given, as scikit-learn's validation has them.

        What it would overlook was looked for before.
        """
        X = features(X)
        try:
            return validate_data(
                self, X, *y, accept_sparse="csr", dtype=[np.float64, np.float32], **options
            )
        except ValueError:
            raise
        except (TypeError, OverflowError) as error:
            raise no_number(X, error) from error

    def decision_function(self, X: Any) -> Array:
        """Return the linear predictor of each row; shape (n,)."""
        check_is_fitted(self)
        X = self._validated(X, reset=False)
        if not is_sparse(X):
            return self._eta(X)
        pieces = SparseRows(X).pieces(rows_per_block(X.shape[1]))
        return np.concatenate([self._eta(piece) for piece in pieces])

    def _eta(self, X: NDArray[Any]) -> Array:
        if not self._is_as_fitted():
            return np.asarray(X @ self.coef_[0] + self.intercept_[0])
        return predict(X, np.zeros(len(X)), self.fit_, self.fit_intercept).eta

    def _is_as_fitted(self) -> bool:
        """Return whether nobody wrote other coefficients; the fit's own are used at the centre."""
        params, columns = self._params(), self.fit_.coefficients.columns
        kept = np.concatenate([self.intercept_[: int(self.fit_intercept)], self.coef_[0, columns]])
        rest = np.delete(self.coef_[0], columns)
        return np.array_equal(kept, params, equal_nan=True) and not rest.any()

    def _params(self) -> Array:
        params = in_columns(self.fit_.coefficients, self.fit_intercept)
        return with_fates(params, self.fit_.separation.signs)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likelier class of each row; shape (n,)."""
        likelier = (self.decision_function(X) > 0.0).astype(np.intp)
        return np.asarray(self.classes_[likelier])

    def predict_proba(self, X: Any) -> Array:
        """Return the probabilities of both classes; shape (n, 2)."""
        eta = self.decision_function(X)
        return np.column_stack([objective.sigmoid(-eta), objective.sigmoid(eta)])

    def predict_log_proba(self, X: Any) -> Array:
        """Return their logarithms, accurate where the probabilities are tiny; shape (n, 2)."""
        eta = self.decision_function(X)
        return np.column_stack([-objective.softplus(eta), -objective.softplus(-eta)])

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the share of rows, by weight, whose class is the likelier one."""
        y, weight = target(y), sample_weights(sample_weight)
        try:
            return float(super().score(X, y, weight))
        except ValueError:
            raise
        except (TypeError, OverflowError) as error:
            raise TargetError(
                f"y cannot be compared with the classes ({error}). Give the labels of the fit."
            ) from error

    def _settings(self) -> Settings:
        """Check the parameters, and refuse by name what is not available."""
        only = {
            "l1_ratio": (self.l1_ratio, (0, None), "L1 and elastic net are not available yet"),
            "dual": (self.dual, (False,), "there is one formulation"),
            "intercept_scaling": (self.intercept_scaling, (1,), "the intercept is not penalised"),
            "warm_start": (self.warm_start, (False,), "every fit starts afresh"),
            "penalty": (
                self.penalty,
                ("deprecated", "l2", None),
                "L1 and elastic net are not available yet",
            ),
            "solver": (
                self.solver,
                _SOLVERS,
                "liblinear penalises the intercept"
                if isinstance(self.solver, str) and self.solver == "liblinear"
                else "no such solver",
            ),
        }
        for name, (value, allowed, why) in only.items():
            plain = isinstance(value, str | Real)
            if not any(value is a or (plain and value == a) for a in allowed):
                choices = ", ".join(repr(a) for a in allowed)
                raise UsageError(f"{name}={shown(value)} is not available: {why}. Give {choices}.")
        check_number("C", self.C, Real, above=0.0)
        check_number("tol", self.tol, Real, above=None)
        check_number("max_iter", self.max_iter, Integral, above=None)
        if self.n_jobs is not None:
            check_number("n_jobs", self.n_jobs, Integral, above=-np.inf)
        refuse_class_weight(self.class_weight)
        alpha = 0.0 if self.penalty is None else 1.0 / float(self.C)
        return Settings(alpha, False, float(self.tol), "drop", int(self.max_iter), False)

    def _blocks(self, X: Any, event: NDArray[np.bool_], sample_weight: Any) -> Blocks:
        names = getattr(self, "feature_names_in_", None)
        named = tuple(f"x{j}" for j in range(X.shape[1])) if names is None else tuple(names)
        threads = None
        if self.n_jobs is not None:
            spare = default_threads() + 1
            threads = int(self.n_jobs) if self.n_jobs > 0 else max(spare + int(self.n_jobs), 1)
        table = SparseRows(X) if is_sparse(X) else X
        if sample_weight is None and self.class_weight is None:
            return array_blocks(table, event, None, None, named, threads=threads)
        weight = self._weights(X, event, sample_weight)
        rows = np.flatnonzero(weight > 0.0).astype(np.int64)
        events = np.count_nonzero(event[rows])
        if not 0 < events < len(rows):
            raise ValueError(
                "the rows of positive sample weight contain only one class; two are needed."
            )
        if len(rows) == len(event):
            return array_blocks(table, event, weight, None, named, threads=threads)
        some = table.take(rows) if isinstance(table, SparseRows) else X[rows]
        return array_blocks(some, event[rows], weight[rows], None, named, rows, threads=threads)

    def _weights(self, X: Any, event: NDArray[np.bool_], sample_weight: Any) -> Array:
        weight = _check_sample_weight(
            sample_weights(sample_weight), X, dtype=np.float64, ensure_non_negative=True, copy=True
        )
        if self.class_weight is not None:
            codes = event.astype(np.intp)
            per_class = compute_class_weight(
                self.class_weight,
                classes=self.classes_,
                y=self.classes_[codes],
                sample_weight=weight,
            )
            weight *= per_class[codes]
        return np.asarray(weight)

    def _keep(self, fit: Fit, n_features: int) -> None:
        self.fit_ = fit
        self.certificate_ = fit.certificate
        params, first = self._params(), int(self.fit_intercept)
        self.coef_ = np.zeros((1, n_features))
        self.coef_[0, fit.coefficients.columns] = params[first:]
        self.intercept_ = np.array([params[0] if first else 0.0])
        self.n_iter_ = np.array([fit.steps], dtype=np.int32)

    def _warn(self, fit: Fit, names: tuple[str, ...]) -> None:
        if fit.aliased:
            line = f"{aliased_line(fit)}. Their coefficients are 0."
            warnings.warn(line, AliasedWarning, stacklevel=3)
        if fit.status == "proved":
            return
        line = not_proved_line(
            fit,
            [names[j] for j in fit.coefficients.columns],
            fit.separation.signs[int(self.fit_intercept) :],
            "A finite C keeps them finite.",
        )
        kind = SeparationWarning if fit.status == "separated" else ConvergenceWarning
        warnings.warn(line, kind, stacklevel=3)


def _print_read(reading: Reading) -> None:
    # Where it cannot be written it is dropped: to tell of a fit never ends it.
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(reading_line(reading), file=sys.stderr)
