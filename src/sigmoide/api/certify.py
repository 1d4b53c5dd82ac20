"""Anyone can check: the certificate of coefficients from any library, shared with no solver."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from sigmoide.arguments.arrays import finite_number, is_sparse, one_a_row, real_numbers
from sigmoide.blocks.arrays import SparseRows, compressed, first_unfit, rows_per_block
from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.columns.values import Values, read_values
from sigmoide.design.roles import read_roles
from sigmoide.design.target import encode_target, learn_target
from sigmoide.errors import ColumnError, DataError, TargetError, UsageError
from sigmoide.problem.frame import frame_of
from sigmoide.proof.certificate import Certificate, unproved
from sigmoide.proof.full_hessian import prove
from sigmoide.results.firth_check import check_firth
from sigmoide.results.records import Coefficients, Model
from sigmoide.sources.frames import read_source
from sigmoide.sources.source import Source


def certify(
    coef: Any,
    intercept: Any,
    X: Any,
    y: Any,
    *,
    l2: float = 0,
    frequency: Any = None,
    weights: Any = None,
    offset: Any = None,
    event: Any = None,
) -> Certificate:
    """Prove how far coefficients from any library are from the optimum.

    Parameters
    ----------
    coef : array, shape (d,) or (1, d)
        One coefficient for each column of X, of the probability of the larger value of y.
    intercept : float, array of one, or None
        None where the model has no intercept.
    X : array or sparse matrix of shape (n, d), or data frame
        Numbers (or booleans). Rows of a sparse matrix are made dense a block at a time.
    y : array, shape (n,)
        The target: {0, 1}, {-1, 1}, booleans, or two texts (the second in sorted order is the
        event).
    l2 : float
        Ridge penalty alpha on the coefficients, 1/C in scikit-learn's terms.
    frequency, weights, offset : arrays of shape (n,), optional
        As in :func:`sigmoide.logit`.
    event : optional
        The value of y that is modelled.

    Returns
    -------
    Certificate
        ``proved`` says that the optimum exists and lies within ``distance`` of these
        coefficients, in standard errors; whether that is near enough is yours to say.

    Raises
    ------
    UsageError
        If the shapes do not agree or a coefficient is not finite.
    """
    table = compressed(X) if is_sparse(X) else read_source(X)
    slopes = real_numbers(coef, "coef", UsageError).ravel()
    width = table.shape[1] if isinstance(table, SparseRows) else len(table.names)
    if len(slopes) != width:
        raise UsageError(
            f"{len(slopes)} coefficients were given for {width} columns of X; "
            "one for each is needed."
        )
    constant = (
        None if intercept is None else real_numbers(intercept, "intercept", UsageError).ravel()
    )
    if constant is not None and len(constant) != 1:
        raise UsageError(f"{len(constant)} intercepts were given; one, or None, is needed.")
    if not (np.isfinite(slopes).all() and (constant is None or np.isfinite(constant).all())):
        raise UsageError("a coefficient is infinite or NaN; such an answer cannot be proved.")
    penalty = finite_number("l2", l2)
    if isinstance(table, SparseRows):
        blocks = _sparse_blocks(table, y, frequency, weights, offset, event)
    else:
        blocks = _blocks(table, y, frequency, weights, offset, event)
    kept = Coefficients(
        np.arange(len(slopes), dtype=np.int64),
        np.zeros(len(slopes)),
        slopes,
        0.0 if constant is None else float(constant[0]),
        None,
    )
    return certify_blocks(blocks, kept, constant is not None, np.full(len(slopes), penalty))


def certify_model(model: Model, blocks: Blocks) -> Certificate:
    """Prove the coefficients of a model on blocks of its own columns.

    Of Firth's method, which has no proof, it says what was checked instead.
    """
    if model.fit.small_sample is not None:
        return check_firth(blocks, model.fit, model.design.intercept).certificate
    if model.fit.status == "separated":
        reason = f"the fit is separated ({model.fit.separation.kind}): no maximum to be near to"
        return unproved("none", 0, reason)
    return certify_blocks(blocks, model.fit.coefficients, model.design.intercept, model.fit.alpha)


def certify_blocks(
    blocks: Blocks, kept: Coefficients, intercept: bool, alpha: Array
) -> Certificate:
    """Prove coefficients on blocks: a read for the frame, and two for the proof.

    The intercept is moved to the centre of these data exactly, then rounded; the proof allows
    for such a rounding of every eta.
    """
    with single_threaded_arithmetic():
        sums = blocks.reduce(moments)
        frame = frame_of(sums, intercept).keep(kept.columns)
        moved = Fraction(kept.intercept)
        for here, there, slope in zip(frame.centre, kept.centre, kept.coef, strict=True):
            moved += (Fraction(float(here)) - Fraction(float(there))) * Fraction(float(slope))
        theta = frame.coordinates(float(moved) if intercept else 0.0, kept.coef)
        if intercept and not 0.0 < sums.events < sums.total:
            return unproved("none", 1, "all rows are of one class: no maximum exists")
        return prove(blocks, frame, theta, alpha).certificate


def _blocks(
    source: Source, y: Any, frequency: Any, weights: Any, offset: Any, event: Any
) -> Blocks:
    roles = read_roles(source, frequency, weights, offset)
    columns = [read_values(source, name) for name in source.names]
    for values in columns:
        if values.kind == "text":
            raise ColumnError(
                f"column {values.name!r} of X is text; the coefficients belong to columns of "
                "numbers. Give X as the model saw it."
            )
    answer = _answer(y, source.n_rows)
    used = roles.weight > 0.0
    _refuse_missing(source, [*columns, answer], roles.offset, used)
    target = learn_target(source, answer, used, event)
    truth = encode_target(target, source, answer)
    X = np.column_stack([values.numbers[used] for values in columns])
    return array_blocks(
        X,
        truth[used],
        roles.weight[used],
        roles.offset[used],
        source.names,
        np.flatnonzero(used).astype(np.int64),
    )


def _sparse_blocks(
    rows: SparseRows, y: Any, frequency: Any, weights: Any, offset: Any, event: Any
) -> Blocks:
    if any(isinstance(given, str) for given in (frequency, weights, offset)):
        raise UsageError(
            "a sparse matrix has no names of columns; give frequency, weights and offset as arrays."
        )
    answer = _answer(y, rows.shape[0])
    source = read_source({"y": one_a_row(y, "y", TargetError)})
    roles = read_roles(source, frequency, weights, offset)
    used = roles.weight > 0.0
    _refuse_missing(source, [answer], roles.offset, used)
    numbers = np.flatnonzero(used).astype(np.int64)
    live = rows if used.all() else rows.take(numbers)
    if unfit := first_unfit(live, rows_per_block(rows.shape[1])):
        row, column, value = unfit
        what = "has no value" if np.isnan(value) else f"holds {value:g}, which is too large,"
        raise DataError(
            f"'x{column}' {what} at {source.place(int(numbers[row]))}. Coefficients are checked on "
            "the rows they were fitted on: leave out the others."
        )
    target = learn_target(source, answer, used, event)
    truth = encode_target(target, source, answer)
    names = tuple(f"x{j}" for j in range(rows.shape[1]))
    return array_blocks(live, truth[used], roles.weight[used], roles.offset[used], names, numbers)


def _answer(y: Any, rows: int) -> Values:
    answer = read_values(read_source({"y": one_a_row(y, "y", TargetError)}), "y")
    if len(answer.missing()) != rows:
        raise UsageError(f"X has {rows} rows and y {len(answer.missing())}; they must agree.")
    return answer


def _refuse_missing(source: Source, columns: list[Values], offset: Array, used: Any) -> None:
    gaps = {values.name: values.missing() for values in columns} | {"offset": np.isnan(offset)}
    for name, gone in gaps.items():
        if (gone & used).any():
            row = int(np.flatnonzero(gone & used)[0])
            raise DataError(
                f"{name!r} has no value at {source.place(row)}. Coefficients are checked on the "
                "rows they were fitted on: leave out the others."
            )
