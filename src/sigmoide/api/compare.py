"""Several results side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sigmoide.api.terms import formula_of
from sigmoide.api.testing import anova_table
from sigmoide.errors import UsageError
from sigmoide.report.comparison import Comparison, column_of, side_by_side

if TYPE_CHECKING:
    from sigmoide.api.result import Result


def compare(*results: Result, names: Sequence[str] | None = None) -> Comparison:
    """Put several models side by side.

    Parameters
    ----------
    *results : Result
        Two or more.
    names : sequence of str, optional
        How they are called; by default ``(1)``, ``(2)``, ...

    Returns
    -------
    Comparison
        ``print`` shows it as text of 80 columns; ``to_frame()`` returns a data frame.

    Raises
    ------
    UsageError
        If there are fewer than two, or more or fewer names.
    """
    if len(results) < 2:
        raise UsageError(
            f"{len(results)} model was given to compare; two or more are needed: compare(a, b)."
        )
    names = [f"({k})" for k in range(1, len(results) + 1)] if names is None else list(names)
    if len(names) != len(results) or len(set(names)) < len(names):
        raise UsageError(
            f"names={names!r} were given for {len(results)} models; one for each is needed, all "
            "different."
        )
    models = [result.model for result in results]
    columns = [
        column_of(name, formula_of(model), model, result._inferred(), result._overall)
        for name, model, result in zip(names, models, results, strict=True)
    ]
    return side_by_side(columns, models)


def anova(*results: Result) -> pd.DataFrame:
    """Test each of several nested models against the one before, by their likelihoods.

    Parameters
    ----------
    *results : Result
        Two or more, the smallest first, fitted on the same rows.

    Returns
    -------
    pandas.DataFrame
        By model, counted from 1: ``formula, coefficients, deviance, df, lrt, p, log10_p, status``;
        the first has no test.

    Raises
    ------
    UsageError
        If a model is penalised, not nested in the next one, of another target, or fitted on other
        rows: the test would be wrong.
    NotProvedError
        If it is not known where one of the likelihoods is greatest.
    """
    return anova_table([result.model for result in results])


def names_of_files(paths: Sequence[Path]) -> list[str]:
    """Return what to call models that were read from files: as little of their paths as tells."""
    stems = [path.stem for path in paths]
    if len(set(stems)) == len(stems):
        return stems
    return [f"({k}) {stem}" for k, stem in enumerate(stems, 1)]
