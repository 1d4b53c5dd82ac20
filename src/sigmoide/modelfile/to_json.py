"""A model as JSON: every number exact, no row of the data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import numpy as np

from sigmoide._version import __version__
from sigmoide.blocks.block import Array
from sigmoide.modelfile.certificate_json import certificate as _certificate
from sigmoide.modelfile.certificate_json import number as _number
from sigmoide.modelfile.certificate_json import numbers as _numbers
from sigmoide.modelfile.functions_json import transform_to_json, tree_to_json
from sigmoide.modelfile.small_sample_json import small_sample
from sigmoide.results.records import Covariance, Fit, Model

FORMAT = "sigmoide model"
# Of models that have nothing but columns; functions, products, counts and other contrasts are
# version 2, so that a program that does not know them refuses them.
PLAIN = 1
VERSION = 2

# More numbers than this are written as base64 of little-endian float64.
LARGEST_LIST = 100_000

_UNPRINTABLE = re.compile(r"[^\x20-\x7e\n]")


def as_text(model: Model) -> str:
    """Return the text of the file: an entry a line, lists of numbers on one.

    Letters of all scripts stand as they are; what could steer a terminal that the file is shown
    on is escaped.
    """
    text = _laid_out(to_json(model), "")
    return _UNPRINTABLE.sub(_escaped, text) + "\n"


def _laid_out(value: Any, margin: str) -> str:
    inner = margin + " "
    if isinstance(value, dict) and value:
        parts = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_laid_out(item, inner)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{margin}}}"
    if isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        parts = [inner + _laid_out(item, inner) for item in value]
        return "[\n" + ",\n".join(parts) + f"\n{margin}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _escaped(match: re.Match[str]) -> str:
    letter = match.group()
    if letter.isprintable():
        return letter
    # JSON itself leaves DEL as it is.
    return "\\u007f" if letter == "\x7f" else json.dumps(letter)[1:-1]


def to_json(model: Model) -> dict[str, Any]:
    """Return the model as JSON's own types."""
    schema = _schema(model)
    fit, kept, gap = model.fit, model.fit.coefficients, model.fit.separation
    return {
        "format": FORMAT,
        "version": version_of(model),
        "written_by": f"sigmoide {__version__}",
        "schema": schema,
        "schema_sha256": digest(schema),
        "settings": {
            "l2": model.settings.l2,
            "standardize": model.settings.standardize,
            "tol": model.settings.tol,
            "aliased": model.settings.aliased,
            "max_steps": model.settings.max_steps,
            "method": model.settings.method,
            "penalty_factors": dict(model.settings.penalty_factors),
        },
        "fitted_on": {
            "source": model.source,
            "source_rows": model.source_rows,
            "dropped": model.dropped,
            "notes": list(model.notes),
        },
        "fit": {
            "status": fit.status,
            "columns": [int(j) for j in kept.columns],
            "centre": _numbers(kept.centre),
            "coefficients": _numbers(kept.coef),
            "intercept_at_centre": _number(kept.intercept),
            "covariance_at_centre": None if kept.covariance is None else _triangle(kept.covariance),
            "penalty": _numbers(fit.alpha),
            "aliased": [
                {"name": a.name, "constant": _number(a.constant), "weights": a.weights}
                for a in fit.aliased
            ],
            "separation": {
                "kind": gap.kind,
                "signs": _numbers(gap.signs),
                "direction": _numbers(gap.direction),
                "origin": _numbers(gap.origin),
                "rows": [int(row) for row in gap.rows],
                "exact": gap.exact,
            },
            "certificate": _certificate(fit.certificate),
            "limit": None if fit.limit is None else _certificate(fit.limit),
            "small_sample": None if fit.small_sample is None else small_sample(fit.small_sample),
            "totals": {
                "rows": fit.totals.rows,
                "weight": _number(fit.totals.weight),
                "events": _number(fit.totals.events),
                "loglik": _number(fit.totals.loglik),
                "null_loglik": _number(fit.totals.null_loglik),
            },
            "steps": fit.steps,
            "reads": fit.reads,
            "seconds": fit.seconds,
            "history": [
                [step.reads, _number(step.value), _number(step.decrement), step.seconds]
                for step in fit.history
            ],
        },
        "covariance": None if model.covariance is None else _covariance(model.covariance, fit),
    }


def _covariance(chosen: Covariance, fit: Fit) -> dict[str, Any]:
    """Return the covariance in force: of the finite coefficients, around the centre."""
    finite = np.flatnonzero(fit.separation.signs == 0.0)
    part = chosen.central[np.ix_(finite, finite)]
    return {
        "kind": chosen.kind,
        "at_centre": _triangle(part) if np.isfinite(part).all() else None,
        "n": _number(chosen.n),
        "degrees": _number(chosen.degrees),
        "clusters": [[name, count] for name, count in chosen.clusters],
        "notes": list(chosen.notes),
    }


def _triangle(matrix: Array) -> list[list[float | str]] | dict[str, str]:
    """Return the lower triangle of a symmetric matrix, by rows; packed where it is large."""
    rows = [matrix[i, : i + 1] for i in range(len(matrix))]
    if len(matrix) ** 2 <= 2 * LARGEST_LIST:
        return [_numbers(row) for row in rows]
    flat = np.concatenate(rows).astype("<f8")
    return {"float64": base64.b64encode(flat.tobytes()).decode("ascii")}


def version_of(model: Model) -> int:
    """Return the oldest version of the format that can hold a model."""
    design, roles = model.design, model.roles
    codings = any(c.transform is not None or c.contrast != "treatment" for c in design.codings)
    more = codings or design.products or roles.trials is not None or roles.tree is not None
    return VERSION if more else PLAIN


def _schema(model: Model) -> dict[str, Any]:
    schema = _plain_schema(model)
    if version_of(model) == PLAIN:
        return schema
    design, roles = model.design, model.roles
    for term, coding in zip(schema["terms"], design.codings, strict=True):
        term["contrast"] = coding.contrast
        transform = coding.transform
        term["transform"] = None if transform is None else transform_to_json(transform)
    schema["products"] = [
        {"label": made.label, "factors": [[number, full] for number, full in made.parts]}
        for made in design.products
    ]
    schema["trials"] = roles.trials
    schema["offset_tree"] = None if roles.tree is None else tree_to_json(roles.tree)
    return schema


def _plain_schema(model: Model) -> dict[str, Any]:
    design, target, roles = model.design, model.target, model.roles
    return {
        "target": {"column": target.column, "event": target.event, "other": target.other},
        "intercept": design.intercept,
        "missing": design.policies.missing,
        "unseen": design.policies.unseen,
        "terms": [
            {
                "column": c.column,
                "label": c.label,
                "kind": c.kind,
                "levels": list(c.levels),
                "reference": c.reference,
                "fill": None if c.fill is None else _number(c.fill),
                "indicator": c.indicator,
            }
            for c in design.codings
        ],
        "frequency": roles.frequency,
        "weights": roles.weights,
        "offset": roles.offset,
    }


def digest(schema: Any) -> str:
    """Return the hash of a schema, the same for any order of its entries."""
    text = json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
