"""Tests of a result, as tables: of its terms, of other terms, between models, of equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sigmoide.api.rows import Given, Rows, reopened, reopened_whole
from sigmoide.api.terms import columns_of, formula_of, places_of
from sigmoide.arguments.arrays import real_numbers
from sigmoide.blocks.block import Array
from sigmoide.columns.words import in_formula
from sigmoide.design.apply import roles_to_follow
from sigmoide.design.design import Design, Policies, Product, Request
from sigmoide.design.prepare import follow, prepare
from sigmoide.errors import RowsError, UsageError
from sigmoide.fit.progress import Progress
from sigmoide.formula.algebra import parse
from sigmoide.inference.equations import LinearEquations, parse_hypotheses
from sigmoide.inference.hypothesis import ChiSquare, wald
from sigmoide.inference.likelihood_ratio import Compared, Ratio
from sigmoide.inference.likelihood_ratio import anova as ratios
from sigmoide.inference.likelihood_ratio import drop1 as ratios_by_term
from sigmoide.inference.profile import refuse_unsuitable
from sigmoide.inference.score_test import score_tests
from sigmoide.inference.scores import refuse_penalised
from sigmoide.inference.wald import LinearTest, joint_tests, linear_test
from sigmoide.results.covariance import estimates
from sigmoide.results.records import Covariance, Model
from sigmoide.sources.formats import Data


def drop1_table(model: Model, rows: Rows | None, progress: Progress | None = None) -> pd.DataFrame:
    """Test each term by a fit without it.

    Returns
    -------
    pandas.DataFrame
        By term: ``df, deviance, aic`` of the fit without it, ``lrt, p, log10_p, status``.

    Raises
    ------
    UsageError, NotProvedError
        If the fit is penalised, or neither proved nor separated.
    RowsError
        If the rows of the fit are not there any more, or are others.
    """
    what = "likelihood-ratio tests"
    refuse_unsuitable(model.fit, what)
    with reopened(model, rows, what) as blocks:
        tests = ratios_by_term(
            blocks,
            model.fit,
            model.design.intercept,
            columns_of(model),
            model.settings,
            progress,
        )
    return _ratios(tests, "term")


def anova_table(models: Sequence[Model]) -> pd.DataFrame:
    """Test each of several nested models against the one before.

    Returns
    -------
    pandas.DataFrame
        By model, counted from 1: ``formula, coefficients, deviance, df, lrt, p, log10_p, status``;
        the first has no test.

    Raises
    ------
    UsageError
        If a model is penalised, not nested in the next one, of another target, or fitted on other
        rows.
    NotProvedError
        If it is not known where one of the likelihoods is greatest.
    """
    for model in models[1:]:
        if model.target != models[0].target:
            ours, theirs = models[0].target, model.target
            raise UsageError(
                f"the models are of different things: {ours.column} = {ours.event} and "
                f"{theirs.column} = {theirs.event}. Compare models of the same target and event."
            )
    tests = ratios(
        [
            Compared(f"model {number}", model.fit, model.design.names, model.design.intercept)
            for number, model in enumerate(models, 1)
        ]
    )
    table = _ratios(tests, "model").drop(columns="aic")
    table.index = pd.RangeIndex(1, len(models) + 1, name="model")
    table.insert(0, "formula", [formula_of(model) for model in models])
    table.insert(1, "coefficients", [line.rank for line in tests])
    return table


def _ratios(tests: Sequence[Ratio], index: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "df": [line.df for line in tests],
            "deviance": [line.deviance for line in tests],
            "aic": [line.deviance + 2.0 * line.rank for line in tests],
            "lrt": [line.statistic for line in tests],
            "p": [line.p for line in tests],
            "log10_p": [line.log10_p for line in tests],
            "status": [line.status for line in tests],
        },
        index=pd.Index([line.label for line in tests], name=index),
    )


def score_table(
    model: Model, rows: Rows | None, terms: Sequence[str], progress: Progress | None = None
) -> pd.DataFrame:
    """Test terms that are not in the model, each by itself; nothing is fitted again.

    Parameters
    ----------
    model, rows
        The fit, and where its rows are.
    terms : sequence of str
        As in a formula: ``"z"``, ``"C(g)"``. Their columns are those of the data of the fit.
    progress : callable, optional
        Told of the read.

    Returns
    -------
    pandas.DataFrame
        By term: ``df, statistic, p, log10_p``.

    Raises
    ------
    UsageError
        If the fit is penalised, or a term is in it already.
    NotProvedError
        If it is not proved.
    RowsError
        If the rows of the fit are not there any more, or miss a value in a new column.
    """
    what = "score tests"
    refuse_unsuitable(model.fit, what)
    if not terms:
        raise UsageError("no term was given; name some that are not in the model: 'z', 'C(g)'.")
    with reopened_whole(model, rows, what) as opened:
        wider = _wider(model, opened.data, terms, opened.given)
        ready = follow(opened.data, wider.design, model.target, model.roles, opened.given)
        try:
            _refuse_gaps(model, ready.blocks.n_rows)
            place = {name: j for j, name in enumerate(wider.design.names)}
            groups = wider.design.groups
            tests = score_tests(
                ready.blocks,
                model.fit,
                model.design.names,
                model.design.intercept,
                {
                    label: [place[name] for name in names]
                    for label, names in groups.items()
                    if label not in model.design.groups
                },
                progress,
            )
        finally:
            ready.close()
    return pd.DataFrame(
        {
            "df": [line.df for line in tests],
            "statistic": [line.statistic for line in tests],
            "p": [line.p for line in tests],
            "log10_p": [line.log10_p for line in tests],
        },
        index=pd.Index([line.label for line in tests], name="term"),
    )


def _wider(model: Model, data: Data, terms: Sequence[str], given: Given) -> Model:
    """Return a model whose design has the new terms, too, learned from the rows that have them."""
    target, roles = model.target, model.roles
    names = data.head.names
    formula = parse(f"{in_formula(target.column)} ~ {' + '.join(terms)}", names, roles.columns)
    asked_roles = roles_to_follow(roles, given)
    request = Request(
        target.column,
        formula.terms,
        True,
        None if roles.trials else target.event,
        asked_roles.frequency,
        asked_roles.weights,
        asked_roles.offset,
        Policies("drop", model.design.policies.unseen),
        formula.products,
        roles.trials,
    )
    ready = prepare(data, request)
    ready.close()
    here = model.design.groups
    for label in ready.design.groups:
        if label in here:
            raise UsageError(
                f"the term {label!r} is in the model already: a score test is of terms that are "
                "not. result.drop1() tests those that are."
            )
    return replace(model, design=_joined(model.design, ready.design))


def _joined(one: Design, two: Design) -> Design:
    """Return a design with the columns of both."""
    codings = (*one.codings, *two.codings)
    if not (one.products or two.products):
        return replace(one, codings=codings)
    products = (*_products_of(one, 0), *_products_of(two, len(one.codings)))
    return replace(one, codings=codings, products=products)


def _products_of(design: Design, before: int) -> tuple[Product, ...]:
    """Return what the columns are, where so many codings stand before those of a design."""
    made = design.products or tuple(
        Product(coding.label, ((number, coding.reference is None),))
        for number, coding in enumerate(design.codings)
    )
    return tuple(
        Product(each.label, tuple((number + before, full) for number, full in each.parts))
        for each in made
    )


def _refuse_gaps(model: Model, rows: int) -> None:
    fitted = model.fit.totals.rows
    if rows != fitted:
        raise RowsError(
            f"of the {fitted:,} rows of the fit, {rows:,} have a value in every new column: a "
            "score test of others than the fitted rows would be wrong. Fit the model on the rows "
            "that have all of them."
        )


def linear_tests(model: Model, covariance: Covariance, hypotheses: Any) -> LinearTest:
    """Test linear hypotheses, written as text or as a matrix.

    Parameters
    ----------
    model : Model
        The fit.
    covariance : Covariance
        Of its estimates.
    hypotheses : str, sequence of str, or ndarray of shape (m, p) or (p,)
        ``"a - b = 0"``, ``"a = b = c"``, several separated by commas: see
        :mod:`sigmoide.inference.equations`. Or the matrix L of L b = 0.

    Raises
    ------
    UsageError
        If they cannot be read, contradict each other, or the fit is penalised.
    """
    refuse_penalised(model.fit, "a test of hypotheses")
    terms = model.terms
    if isinstance(hypotheses, np.ndarray):
        linear = _of_matrix(hypotheses, terms)
    else:
        linear = parse_hypotheses(hypotheses, terms)
    params = estimates(model.fit, model.design.intercept).params
    return linear_test(linear, params, covariance.matrix)


def _of_matrix(given: Array, terms: Sequence[str]) -> LinearEquations:
    matrix = np.atleast_2d(real_numbers(given, "the array of hypotheses", UsageError))
    if matrix.ndim != 2 or matrix.shape[1] != len(terms):
        raise UsageError(
            f"hypotheses as an array of shape {given.shape} were given; the model has "
            f"{len(terms)} coefficients, so (m, {len(terms)}) is needed."
        )
    if not np.isfinite(matrix).all() or not matrix.any(axis=1).all():
        raise UsageError(
            "hypotheses as an array were given with a row of zeros, or a number that is not "
            "finite: such a row says nothing about the coefficients."
        )
    labels = tuple(
        " + ".join(f"{w:g} × {term}" for w, term in zip(row, terms, strict=True) if w) + " = 0"
        for row in matrix
    )
    return LinearEquations(matrix, np.zeros(len(matrix)), labels)


def linear_table(test: LinearTest, alpha: float) -> pd.DataFrame:
    """Return each equation by itself: ``estimate, std_err, z, p, low, high``.

    The estimate is that of L b - c, and so are the ends of its interval.
    """
    ends = wald(test.estimate, test.standard_error, alpha)
    return pd.DataFrame(
        {
            "estimate": test.estimate,
            "std_err": test.standard_error,
            "z": test.z,
            "p": test.p,
            "low": ends[:, 0],
            "high": ends[:, 1],
        },
        index=pd.Index(test.labels, name="hypothesis"),
    )


def term_table(model: Model, covariance: Covariance) -> pd.DataFrame:
    """Test, term by term, that all its coefficients are 0: ``statistic, df, p``.

    Raises
    ------
    UsageError
        If the fit is penalised.
    """
    refuse_penalised(model.fit, "joint tests of the terms")
    params = estimates(model.fit, model.design.intercept).params
    tests: dict[str, ChiSquare] = joint_tests(places_of(model), params, covariance.matrix)
    return pd.DataFrame(
        {
            "statistic": [test.statistic for test in tests.values()],
            "df": [test.df for test in tests.values()],
            "p": [test.p for test in tests.values()],
        },
        index=pd.Index(list(tests), name="term"),
    )
