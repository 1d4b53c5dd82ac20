"""The model file: one JSON text, every number exact, no code, no row of the data.

It is read as hostile: its size is capped, every entry is checked for its type and shape, and
nothing in it is evaluated.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sigmoide._version import __version__
from sigmoide.certificate import Certificate
from sigmoide.data.blocks import Array
from sigmoide.data.design import Coding, Design, Policies
from sigmoide.data.roles import Roles
from sigmoide.data.target import Target
from sigmoide.errors import FileError, ModelFileError
from sigmoide.model.records import (
    AliasedColumn,
    Coefficients,
    Fit,
    Model,
    Separation,
    Settings,
    Totals,
)

FORMAT = "sigmoide model"
VERSION = 1

_LARGEST_FILE = 1 << 28
_WORDS = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}

T = TypeVar("T")


def write(model: Model, path: Path) -> None:
    """Write a model file whole, or leave what was there as it was.

    Raises
    ------
    FileError
        If the folder or the disk does not allow it.
    """
    text = json.dumps(to_json(model), indent=1, allow_nan=False, ensure_ascii=False)
    write_whole(path, text + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a text file by way of a temporary one beside it, renamed at the end."""
    name = None
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            newline="\n",
            dir=path.parent,
            prefix=f".{path.name}.",
            delete=False,
        ) as file:
            name = file.name
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as error:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise FileError(
            f"{path}: the file cannot be written: {error.strerror or error}. Nothing was written; "
            "name another place."
        ) from error


def read(path: Path) -> Model:
    """Read a model file.

    Raises
    ------
    FileError
        If there is no such file.
    ModelFileError
        If it is not a model file, truncated, of a newer version, or inconsistent.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ModelFileError(
                f"{path}: the file is larger than any model ({_LARGEST_FILE >> 20} MB). "
                "It is not read."
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise FileError(f"{path}: there is no such file. Check the path.") from error
    except OSError as error:
        raise FileError(f"{path}: the file cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{path}: this is not a model file: it is not UTF-8 text.") from error
    try:
        entries = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(
            f"{path}: the file is not whole JSON, so it is truncated or not a model file: {error}."
        ) from error
    return _from_json(_Entry(path, "", entries))


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number of JSON")


# Writing


def to_json(model: Model) -> dict[str, Any]:
    """Return the model as JSON's own types."""
    schema = _schema(model)
    fit, kept, gap = model.fit, model.fit.coefficients, model.fit.separation
    return {
        "format": FORMAT,
        "version": VERSION,
        "written_by": f"sigmoide {__version__}",
        "schema": schema,
        "schema_sha256": _digest(schema),
        "settings": {
            "l2": model.settings.l2,
            "standardize": model.settings.standardize,
            "tol": model.settings.tol,
            "aliased": model.settings.aliased,
            "max_steps": model.settings.max_steps,
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
            "covariance_at_centre": None
            if kept.covariance is None
            else [_numbers(row) for row in kept.covariance],
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
        },
    }


def _schema(model: Model) -> dict[str, Any]:
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


def _digest(schema: Any) -> str:
    text = json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _certificate(found: Certificate) -> dict[str, Any]:
    return {
        "proved": found.proved,
        "delta": _number(found.delta),
        "gap": _number(found.gap),
        "distance": _number(found.distance),
        "decrement": _number(found.decrement),
        "radius": _number(found.radius),
        "rounding": _number(found.rounding),
        "method": found.method,
        "reads": found.reads,
        "reason": found.reason,
    }


def _number(value: float) -> float | str:
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _numbers(values: Array) -> list[float | str]:
    return [_number(v) for v in values]


# Reading


class _Entry:
    """One entry of the file, which knows where it stands and refuses what it is not."""

    def __init__(self, path: Path, place: str, value: Any) -> None:
        self.path, self.place, self.value = path, place, value

    def wrong(self, what: str) -> ModelFileError:
        where = f" at {self.place!r}" if self.place else ""
        return ModelFileError(
            f"{self.path}: this is not a sound model file{where}: {what}. "
            "Fit the model again, or take the file from where it was written."
        )

    def __getitem__(self, key: str) -> _Entry:
        if not isinstance(self.value, dict) or key not in self.value:
            raise self.wrong(f"entry {key!r} is missing")
        return _Entry(self.path, f"{self.place}.{key}".lstrip("."), self.value[key])

    def _is(self, kind: type[T], what: str) -> T:
        if not isinstance(self.value, kind) or (kind is not bool and isinstance(self.value, bool)):
            raise self.wrong(f"{what} is needed, not {_short(self.value)}")
        return self.value

    def text(self) -> str:
        return self._is(str, "text")

    def optional_text(self) -> str | None:
        return None if self.value is None else self.text()

    def flag(self) -> bool:
        return self._is(bool, "true or false")

    def count(self, most: int = 1 << 53) -> int:
        value = self._is(int, "a whole number")
        if not 0 <= value <= most:
            raise self.wrong(f"a whole number from 0 to {most} is needed, not {_short(value)}")
        return value

    def choice(self, *choices: str) -> Any:
        if self.value not in choices or not isinstance(self.value, str):
            raise self.wrong(f"one of {', '.join(choices)} is needed, not {_short(self.value)}")
        return self.value

    def number(self, *, finite: bool = True) -> float:
        value = self.value
        if isinstance(value, str) and value in _WORDS:
            value = _WORDS[value]
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"a number is needed, not {_short(value)}")
        elif isinstance(value, float) and not math.isfinite(value):
            raise self.wrong("a number is too large")
        try:
            value = float(value)
        except OverflowError as error:
            raise self.wrong("a number is too large") from error
        if finite and not math.isfinite(value):
            raise self.wrong(f"a finite number is needed, not {_short(self.value)}")
        return value

    def positive(self) -> float:
        value = self.number()
        if value < 0.0:
            raise self.wrong(f"a number of zero or more is needed, not {value:g}")
        return value

    def each(self) -> list[_Entry]:
        values = self._is(list, "a list")
        return [_Entry(self.path, f"{self.place}[{k}]", v) for k, v in enumerate(values)]

    def numbers(self, length: int, *, finite: bool = True) -> Array:
        entries = self.each()
        if len(entries) != length:
            raise self.wrong(f"{length} numbers are needed, not {len(entries)}")
        return np.array([entry.number(finite=finite) for entry in entries], dtype=np.float64)

    def mapping(self, value: Callable[[_Entry], T]) -> dict[str, T]:
        entries = self._is(dict, "an object")
        return {
            key: value(_Entry(self.path, f"{self.place}.{key}", held))
            for key, held in entries.items()
        }

    def optional(self, reader: Callable[[_Entry], T]) -> T | None:
        return None if self.value is None else reader(self)


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:
        text = "a number of very many digits"
    return text if len(text) <= 40 else text[:40] + "…"


def _from_json(entry: _Entry) -> Model:
    if not isinstance(entry.value, dict) or entry.value.get("format") != FORMAT:
        raise ModelFileError(f"{entry.path}: this is not a model file of sigmoide.")
    version = entry["version"].count()
    if version != VERSION:
        raise ModelFileError(
            f"{entry.path}: the file has version {version} of the format; this is "
            f"sigmoide {__version__}, which reads version {VERSION}. "
            + ("Install a newer sigmoide." if version > VERSION else "Fit the model again.")
        )
    schema = entry["schema"]
    if entry["schema_sha256"].text() != _digest(schema.value):
        raise schema.wrong("its hash is not the one in the file, so it was changed")
    design = _design(schema)
    target = schema["target"]
    settings = entry["settings"]
    fitted = entry["fitted_on"]
    return Model(
        design,
        Target(target["column"].text(), target["event"].text(), target["other"].text()),
        Roles(
            schema["frequency"].optional_text(),
            schema["weights"].optional_text(),
            schema["offset"].optional_text(),
        ),
        Settings(
            settings["l2"].positive(),
            settings["standardize"].flag(),
            settings["tol"].positive(),
            settings["aliased"].choice("drop", "error"),
            settings["max_steps"].count(),
        ),
        _fit(entry["fit"], design),
        fitted["source"].text(),
        fitted["source_rows"].count(),
        fitted["dropped"].mapping(lambda held: held.count()),
        tuple(note.text() for note in fitted["notes"].each()),
    )


def _design(schema: _Entry) -> Design:
    codings = tuple(_coding(term) for term in schema["terms"].each())
    policies = Policies(
        schema["missing"].choice("drop", "error", "indicator"),
        schema["unseen"].choice("error", "reference", "missing"),
    )
    return Design(codings, schema["intercept"].flag(), policies)


def _coding(term: _Entry) -> Coding:
    levels = tuple(level.text() for level in term["levels"].each())
    reference = term["reference"].optional_text()
    kind = term["kind"].choice("numeric", "boolean", "text")
    if len(set(levels)) < len(levels):
        raise term.wrong("a level is listed twice")
    if reference is not None and reference not in levels:
        raise term.wrong("the reference is not one of the levels")
    if kind != "numeric" and not levels:
        raise term.wrong("a column of text or booleans has no levels")
    return Coding(
        term["column"].text(),
        term["label"].text(),
        kind,
        levels,
        reference,
        term["fill"].optional(_Entry.number),
        term["indicator"].flag(),
    )


def _fit(entry: _Entry, design: Design) -> Fit:
    columns = [j.count() for j in entry["columns"].each()]
    if columns != sorted(set(columns)) or (columns and columns[-1] >= len(design.names)):
        raise entry["columns"].wrong(f"increasing positions below {len(design.names)} are needed")
    d = len(columns)
    p = d + design.intercept
    covariance = entry["covariance_at_centre"].optional(lambda held: _matrix(held, p))
    totals = entry["totals"]
    return Fit(
        entry["status"].choice("proved", "separated", "undetermined", "not converged"),
        Coefficients(
            np.array(columns, dtype=np.int64),
            entry["centre"].numbers(d),
            entry["coefficients"].numbers(d),
            entry["intercept_at_centre"].number(),
            covariance,
        ),
        _read_certificate(entry["certificate"]),
        entry["limit"].optional(_read_certificate),
        _separation(entry["separation"], d, p),
        tuple(
            AliasedColumn(
                a["name"].text(), a["constant"].number(), a["weights"].mapping(_Entry.number)
            )
            for a in entry["aliased"].each()
        ),
        entry["penalty"].numbers(d),
        Totals(
            totals["rows"].count(),
            totals["weight"].positive(),
            totals["events"].positive(),
            totals["loglik"].number(),
            totals["null_loglik"].number(),
        ),
        entry["steps"].count(),
        entry["reads"].count(),
        entry["seconds"].positive(),
    )


def _matrix(entry: _Entry, p: int) -> Array:
    rows = entry.each()
    if len(rows) != p:
        raise entry.wrong(f"{p} rows are needed, not {len(rows)}")
    matrix = np.array([row.numbers(p) for row in rows]).reshape(p, p)
    if (np.diag(matrix) < 0.0).any() or not np.array_equal(matrix, matrix.T):
        raise entry.wrong("a covariance is symmetric, with a diagonal of zero or more")
    return matrix


def _separation(entry: _Entry, d: int, p: int) -> Separation:
    kind = entry["kind"].choice("none", "quasi-complete", "complete", "undetermined")
    apart = kind in ("quasi-complete", "complete")
    signs = entry["signs"].numbers(p, finite=False)
    if not np.isin(signs[~np.isnan(signs)], (-1.0, 0.0, 1.0)).all():
        raise entry["signs"].wrong("signs are 1, -1, 0 or NaN")
    return Separation(
        kind,
        signs,
        entry["direction"].numbers(d + 1 if apart else 0),
        entry["origin"].numbers(d if apart else 0),
        np.array([row.count() for row in entry["rows"].each()], dtype=np.int64),
        entry["exact"].flag(),
    )


def _read_certificate(entry: _Entry) -> Certificate:
    names = ("delta", "gap", "distance", "decrement", "radius", "rounding")
    numbers = {name: entry[name].number(finite=False) for name in names}
    return Certificate(
        proved=entry["proved"].flag(),
        **numbers,
        method=entry["method"].text(),
        reads=entry["reads"].count(),
        reason=entry["reason"].text(),
    )
