"""From hand-made weights to a model of the library: predicted with, verified, saved, compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.api.certify import certify_blocks
from sigmoide.api.result import Result
from sigmoide.design.design import Term
from sigmoide.design.prepare import Prepared, Request, prepare
from sigmoide.errors import UsageError
from sigmoide.lesson.data import LessonData, Scale, make_data
from sigmoide.problem import objective
from sigmoide.results.predict import linear_predictor
from sigmoide.results.records import Coefficients, Fit, Model, Separation, Settings, Totals
from sigmoide.sources.formats import in_memory
from sigmoide.sources.frames import read_source


def to_model(weights: Any, bias: Any, data: Any = None, *, steps: int = 0) -> Result:
    """Make a model of the library out of weights that were made by hand.

    It is judged as any other: its certificate says whether the weights are proved to be near the
    optimum on the training points. It has no standard errors: those belong to the optimum.

    Parameters
    ----------
    weights : tensor or array, shape (d,)
        The weights w.
    bias : tensor, array of one, or float
        The bias b.
    data : optional
        The points they were trained on. None for the training points of the lesson; a
        ``LessonData``, such as ``record.data`` of a lesson on the learner's own file; or a path,
        data frame or mapping with columns ``x1``, ``x2``, … (d of them) and ``y``.
    steps : int
        How many steps the training took, for the record.

    Returns
    -------
    Result
        With ``predict``, ``evaluate``, ``verify``, ``save`` and the rest. Its ``status`` is
        "proved" only if the certificate is: for a hundred steps of descent, "not converged".

    Raises
    ------
    UsageError
        If the weights are not one finite number for each column, or the bias is not one.
    DataError
        If the data cannot be used.

    Examples
    --------
    >>> from sigmoide.lesson import to_model
    >>> to_model([0.6, 0.0], 0.6).status
    'not converged'
    """
    w, b = _numbers("weights", weights), _numbers("bias", bias)
    if len(b) != 1:
        raise UsageError(f"{len(b)} biases were given; one is needed.")
    scale = None
    if data is None:
        data = make_data()
    if isinstance(data, LessonData):
        ready, source = _training_rows(data)
        scale = None if data.origin is None else data.origin.scale
    else:
        ready, source = _prepared(data, tuple(f"x{j + 1}" for j in range(len(w))), "y")
    if len(w) != len(ready.design.names):
        raise UsageError(
            f"{len(w)} weight(s) were given for the columns {', '.join(ready.design.names)}; one "
            "for each is needed."
        )
    return Result(_model(ready, source, _coefficients(w, float(b[0]), scale), steps))


def _numbers(name: str, values: Any) -> NDArray[np.float64]:
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if not len(numbers) or not np.isfinite(numbers).all():
        raise UsageError(
            f"{name} = {values!r} were given; finite numbers are needed. Weights that overflowed "
            "come from a learning rate that is too large."
        )
    return numbers


def _coefficients(w: NDArray[np.float64], b: float, scale: Scale | None) -> Coefficients:
    """Keep the linear predictor in the columns' own units, around their centre."""
    centre, coef = np.zeros(len(w)), w
    if scale is not None:
        centre, coef = scale.centre, w / scale.spread
    return Coefficients(np.arange(len(w), dtype=np.int64), centre, coef, b, None)


def _training_rows(data: LessonData) -> tuple[Prepared, str]:
    """Return the training points of a lesson, in the columns' own units."""
    if data.origin is not None:
        ready = data.origin.prepared
        rows = ready.blocks.take(np.flatnonzero(data.in_train))
        return replace(ready, blocks=rows), data.origin.source
    X, y = data.X[data.in_train], data.yn[data.in_train]
    ready, _ = _prepared({"x1": X[:, 0], "x2": X[:, 1], "y": y}, data.names, data.target)
    return ready, "the lesson"


def _prepared(data: Any, columns: tuple[str, ...], target: str) -> tuple[Prepared, str]:
    source = read_source(data)
    request = Request(target, tuple(Term(c, c) for c in columns))
    return prepare(in_memory(source), request), source.name


def _model(ready: Prepared, source: str, kept: Coefficients, steps: int) -> Model:
    blocks = ready.blocks
    alpha = np.zeros(len(kept.coef))
    certificate = certify_blocks(blocks, kept, True, alpha)
    eta = blocks.map(lambda block: linear_predictor(block.X, block.offset, kept))
    y, weight = blocks.map(lambda block: block.y), blocks.map(lambda block: block.weight)
    total, events = float(weight.sum()), float(weight @ y)
    null = float(events * np.log(events / total) + (total - events) * np.log1p(-events / total))
    fit = Fit(
        "proved" if certificate.proved else "not converged",
        kept,
        certificate,
        None,
        # Nobody has looked for separation; a proof rules it out.
        Separation("none" if certificate.proved else "undetermined", np.zeros(len(alpha) + 1)),
        (),
        alpha,
        Totals(blocks.n_rows, total, events, -float(weight @ objective.loss(eta, y)), null),
        steps,
        reads=blocks.reads,
    )
    notes = (*ready.notes, "made by hand: the coefficients were given, not fitted")
    return Model(
        ready.design,
        ready.target,
        ready.roles,
        Settings(),
        fit,
        source,
        ready.source_rows,
        ready.dropped,
        notes,
    )
