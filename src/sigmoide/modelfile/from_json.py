"""A model from JSON that is read as hostile: every entry checked for type, shape and range."""

from __future__ import annotations

import numpy as np

from sigmoide._version import __version__
from sigmoide.blocks.block import Array
from sigmoide.design.design import MOST_COLUMNS, Coding, Contrast, Design, Policies, Product
from sigmoide.design.functions.arithmetic import columns_of
from sigmoide.design.roles import Roles
from sigmoide.design.target import Target
from sigmoide.errors import ModelFileError
from sigmoide.modelfile.certificate_json import read_certificate as _read_certificate
from sigmoide.modelfile.entries import Entry
from sigmoide.modelfile.functions_json import read_transform, read_tree
from sigmoide.modelfile.small_sample_json import read_small_sample
from sigmoide.modelfile.to_json import FORMAT, PLAIN, VERSION, digest
from sigmoide.results.covariance import described
from sigmoide.results.covariance_kinds import RECORDED
from sigmoide.results.records import (
    AliasedColumn,
    Coefficients,
    Covariance,
    Fit,
    Model,
    Separation,
    Settings,
    Step,
    Totals,
)
from sigmoide.results.small_sample import Method

# What the centres and the coefficients may add up to.
_LARGEST = 1e300

REMEDY = "Name a file that --out or save() wrote, or fit the model again."


def from_json(entry: Entry) -> Model:
    """Return the model of a parsed model file.

    Raises
    ------
    ModelFileError
        If the entries are not those of a model file, of a newer version, or contradict each other.
    """
    if not isinstance(entry.value, dict) or entry.value.get("format") != FORMAT:
        raise ModelFileError(f"{entry.path}: this is not a model file of sigmoide. {REMEDY}")
    version = entry["version"].count()
    if not PLAIN <= version <= VERSION:
        raise ModelFileError(
            f"{entry.path}: the file has version {version} of the format; this is "
            f"sigmoide {__version__}, which reads versions {PLAIN} and {VERSION}. "
            + ("Install a newer sigmoide." if version > VERSION else "Fit the model again.")
        )
    schema = entry["schema"]
    if entry["schema_sha256"].text() != digest(schema.value):
        raise schema.wrong("its hash is not the one in the file, so it was changed")
    design = _design(schema, version)
    settings = _settings(entry["settings"], design)
    fitted = entry["fitted_on"]
    fit = _fit(entry["fit"], design, settings)
    model = Model(
        design,
        _target(schema["target"]),
        _roles(schema, version),
        settings,
        fit,
        fitted["source"].text(),
        fitted["source_rows"].count(),
        fitted["dropped"].mapping(Entry.count),
        tuple(note.text() for note in fitted["notes"].each()),
        entry.get("covariance").optional(lambda part: _covariance(part, fit, design.intercept)),
    )
    _agree(entry, model)
    return model


def _method(entry: Entry) -> Method:
    method: Method = entry.choice("ml", "firth", "flic", "flac")
    return method


def _settings(settings: Entry, design: Design) -> Settings:
    l2 = settings["l2"].positive()
    given = settings.get("penalty_factors")
    factors = given.optional(lambda entry: entry.mapping(Entry.positive)) or {}
    if factors and not l2:
        raise given.wrong("there is no penalty that they could be factors of")
    if not factors.keys() <= set(design.names):
        raise given.wrong("a factor is of one of the columns of the model")
    return Settings(
        l2,
        settings["standardize"].flag(),
        settings["tol"].positive(),
        settings["aliased"].choice("drop", "error"),
        settings["max_steps"].count(),
        method=settings.get("method").optional(_method) or "ml",
        penalty_factors=tuple(factors.items()),
    )


def _covariance(entry: Entry, fit: Fit, intercept: bool) -> Covariance:
    signs = fit.separation.signs
    finite = np.flatnonzero(signs == 0.0)

    def spread(part: Entry) -> Array:
        central = np.zeros((len(signs), len(signs)))
        central[np.ix_(finite, finite)] = _symmetric(part, len(finite))
        return central

    return described(
        entry["kind"].choice(*RECORDED),
        entry["at_centre"].optional(spread),
        fit,
        intercept,
        entry["n"].positive(),
        entry["degrees"].number(),
        tuple(_cluster(column) for column in entry["clusters"].each()),
        tuple(note.text() for note in entry["notes"].each()),
    )


def _cluster(entry: Entry) -> tuple[str, int]:
    parts = entry.each()
    if len(parts) != 2:
        raise entry.wrong(f"2 entries are needed, not {len(parts)}")
    return parts[0].text(), parts[1].count()


def _target(target: Entry) -> Target:
    result = Target(target["column"].text(), target["event"].text(), target["other"].text())
    if result.event == result.other:
        raise target.wrong("the event and the other value are the same")
    return result


def _roles(schema: Entry, version: int) -> Roles:
    frequency, weights, offset = (
        schema[role].optional(Entry.text) for role in ("frequency", "weights", "offset")
    )
    if frequency is not None and weights is not None:
        raise schema.wrong("it has a frequency and weights, and a row has one or the other")
    if version == PLAIN:
        return Roles(frequency, weights, offset)
    trials = schema["trials"].optional(Entry.text)
    if trials is not None and (frequency is not None or weights is not None):
        raise schema.wrong("it has trials, and a frequency or weights besides")
    tree = schema["offset_tree"].optional(read_tree)
    if tree is not None and (offset is None or not columns_of(tree)):
        raise schema["offset_tree"].wrong("an offset has a label, and names a column")
    return Roles(frequency, weights, offset, trials, tree)


def _design(schema: Entry, version: int) -> Design:
    codings = tuple(_coding(term, version) for term in schema["terms"].each())
    policies = Policies(
        schema["missing"].choice("drop", "error", "indicator"),
        schema["unseen"].choice("error", "reference", "missing"),
    )
    products = () if version == PLAIN else _products(schema["products"], codings)
    design = Design(codings, schema["intercept"].flag(), policies, products)
    names = ("Intercept", *design.names) if design.intercept else design.names
    if len(set(names)) < len(names):
        raise schema["terms"].wrong("two columns of the model have one name")
    return design


def _products(entry: Entry, codings: tuple[Coding, ...]) -> tuple[Product, ...]:
    """Return the products of a design, no more columns than could be written."""
    products, columns = [], 0
    for made in entry.each():
        parts = []
        width = 1
        for part in made["factors"].each():
            pair = part.each()
            if len(pair) != 2:
                raise part.wrong("a factor is its number, and whether all its levels have a column")
            number, full = pair[0].count(len(codings) - 1), pair[1].flag()
            coding = codings[number]
            if not full and coding.reference is None:
                raise part.wrong("a factor with fewer columns than levels has a reference")
            width *= len(coding.names_of(full=full))
            if width > MOST_COLUMNS:
                raise made.wrong(f"more than {MOST_COLUMNS:,} columns")
            parts.append((number, full))
        if not parts or len({number for number, _ in parts}) < len(parts):
            raise made.wrong("a product has factors, each of them once")
        columns += width
        if columns > MOST_COLUMNS:
            raise entry.wrong(f"more than {MOST_COLUMNS:,} columns")
        products.append(Product(made["label"].text(), tuple(parts)))
    return tuple(products)


def _coding(term: Entry, version: int) -> Coding:
    levels = tuple(level.text() for level in term["levels"].each())
    reference = term["reference"].optional(Entry.text)
    kind = term["kind"].choice("numeric", "boolean", "text")
    fill, indicator = term["fill"].optional(Entry.number), term["indicator"].flag()
    if len(set(levels)) < len(levels):
        raise term.wrong("a level is listed twice")
    if reference is not None and reference not in levels:
        raise term.wrong("the reference is not one of the levels")
    if kind != "numeric" and not levels:
        raise term.wrong("a column of text or booleans has no levels")
    if not levels and indicator and fill is None:
        raise term.wrong("there is nothing to put in place of a missing number")
    contrast: Contrast = "treatment"
    transform = None
    if version != PLAIN:
        contrast = term["contrast"].choice("treatment", "sum")
        transform = term["transform"].optional(read_transform)
    if transform is not None and (levels or indicator or kind != "numeric"):
        raise term.wrong("a function of columns has no levels and no stand-in")
    return Coding(
        term["column"].text(),
        term["label"].text(),
        kind,
        levels,
        reference,
        fill,
        indicator,
        contrast,
        transform,
    )


def _fit(entry: Entry, design: Design, settings: Settings) -> Fit:
    columns = [j.count() for j in entry["columns"].each()]
    if columns != sorted(set(columns)) or (columns and columns[-1] >= len(design.names)):
        raise entry["columns"].wrong(f"increasing positions below {len(design.names)} are needed")
    d = len(columns)
    p = d + design.intercept
    covariance = entry["covariance_at_centre"].optional(lambda part: _matrix(part, p))
    penalty = entry["penalty"].numbers(d)
    if (penalty < 0.0).any():
        raise entry["penalty"].wrong("a penalty is zero or more")
    centre, coef = entry["centre"].numbers(d), entry["coefficients"].numbers(d)
    with np.errstate(over="ignore"):
        if np.abs(centre * coef).sum() > _LARGEST:
            raise entry["coefficients"].wrong("the intercept of all columns at 0 is too large")
    return Fit(
        entry["status"].choice("proved", "converged", "separated", "undetermined", "not converged"),
        Coefficients(
            np.array(columns, dtype=np.int64),
            centre,
            coef,
            entry["intercept_at_centre"].number(),
            covariance,
        ),
        _read_certificate(entry["certificate"]),
        entry["limit"].optional(_read_certificate),
        _separation(entry["separation"], d, p),
        tuple(
            AliasedColumn(
                a["name"].text(), a["constant"].number(), a["weights"].mapping(Entry.number)
            )
            for a in entry["aliased"].each()
        ),
        penalty,
        _totals(entry["totals"]),
        entry["steps"].count(),
        entry["reads"].count(),
        entry["seconds"].positive(),
        tuple(_step(step) for step in entry["history"].each()),
        entry.get("small_sample").optional(lambda part: read_small_sample(part, settings, p, d)),
    )


def _totals(entry: Entry) -> Totals:
    totals = Totals(
        entry["rows"].count(),
        entry["weight"].positive(),
        entry["events"].positive(),
        entry["loglik"].number(),
        entry["null_loglik"].number(),
    )
    if totals.rows == 0 or not 0.0 < totals.events < totals.weight:
        raise entry.wrong("a fit has rows of both classes")
    if totals.loglik > 0.0 or totals.null_loglik >= 0.0:
        raise entry.wrong("a log-likelihood is below zero")
    return totals


def _step(entry: Entry) -> Step:
    parts = entry.each()
    if len(parts) != 4:
        raise entry.wrong(f"4 entries are needed, not {len(parts)}")
    reads, value, decrement, seconds = parts
    return Step(reads.count(), value.number(finite=False), decrement.bound(), seconds.positive())


def _agree(entry: Entry, model: Model) -> None:
    """Refuse what contradicts itself: a verdict must be that of the certificate beside it."""
    fit = model.fit
    separated = fit.separation.kind in ("complete", "quasi-complete")
    if separated != (fit.status == "separated"):
        raise entry["fit"].wrong("its status and its separation contradict each other")
    if fit.status == "proved" and not fit.certificate.proved:
        raise entry["fit"].wrong("its status and its certificate contradict each other")
    _agree_on_method(entry, model)
    inferred = fit.status in ("proved", "converged") or (separated and fit.limit is not None)
    if fit.coefficients.covariance is not None and (fit.alpha.any() or not inferred):
        raise entry["fit"].wrong("it has a covariance, which no such fit has")
    chosen = model.covariance
    there = chosen is not None and (fit.alpha.any() or np.isfinite(chosen.matrix).any())
    if there and (fit.alpha.any() or not inferred):
        raise entry["covariance"].wrong("no such fit has a covariance")
    if fit.alpha.any() and not model.settings.l2:
        raise entry["fit"].wrong("it has a penalty that its settings do not have")


def _agree_on_method(entry: Entry, model: Model) -> None:
    small, fit = model.fit.small_sample, model.fit
    if small is None:
        if model.settings.method != "ml":
            raise entry["fit"]["small_sample"].wrong("that of the settings' method is missing")
        if fit.status == "converged" or fit.separation.kind == "not looked for":
            raise entry["fit"].wrong("its status is one of Firth's method, which was not used")
        return
    if fit.status != ("converged" if small.reached else "not converged"):
        raise entry["fit"].wrong("its status and its convergence contradict each other")
    if fit.certificate.proved or fit.alpha.any() or fit.separation.kind != "not looked for":
        raise entry["fit"].wrong("it claims what no fit by Firth's method has")
    kept = fit.coefficients
    theirs = np.array_equal(kept.coef, small.coef)
    if small.method == "firth":
        theirs = theirs and kept.intercept == small.intercept
    if small.method != "flac" and not theirs:
        raise entry["fit"].wrong("its coefficients are not those of Firth's method")
    if small.correction is None and small.method != "firth" and small.convergence.reached:
        raise entry["fit"]["small_sample"].wrong("the fit that follows Firth's has no certificate")
    if fit.coefficients.covariance is not None and not small.reached:
        raise entry["fit"].wrong("it has a covariance, which no such fit has")
    if model.covariance is not None:
        raise entry["covariance"].wrong("no such fit has a covariance")


def _matrix(entry: Entry, p: int) -> Array:
    """Return a covariance from its lower triangle."""
    matrix = _symmetric(entry, p)
    if (np.diag(matrix) < 0.0).any():
        raise entry.wrong("a covariance has a diagonal of zero or more")
    return matrix


def _symmetric(entry: Entry, p: int) -> Array:
    """Return a symmetric matrix from its lower triangle."""
    if isinstance(entry.value, dict):
        flat = entry["float64"].packed(p * (p + 1) // 2)
    else:
        rows = entry.each()
        if len(rows) != p:
            raise entry.wrong(f"{p} rows are needed, not {len(rows)}")
        parts = [row.numbers(i + 1) for i, row in enumerate(rows)]
        flat = np.concatenate(parts) if parts else np.empty(0)
    matrix = np.zeros((p, p))
    matrix[np.tril_indices(p)] = flat
    matrix += np.tril(matrix, -1).T
    return matrix


def _separation(entry: Entry, d: int, p: int) -> Separation:
    kind = entry["kind"].choice(
        "none", "quasi-complete", "complete", "undetermined", "not looked for"
    )
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
