"""The reference sets, asked of sigmoide as a user would ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import sigmoide
from references.refdata import RefSet
from sigmoide.api.result import Result

FOLDER = Path(__file__).parents[1] / "references"

BINARY = (
    "birthwt",
    "cps1985_union",
    "default",
    "digits_3v8",
    "endometrial",
    "esoph",
    "infert",
    "pima_tr2",
    "plasma",
)
SEPARATED = ("digits_3v8", "endometrial")
# With the answers of one matter each: Firth's method, or the errors of a survey.
SURVEYS = ("api_srs", "api_strat", "api_clus1", "api_clus2")
NARROW = ("sex2", "m1", *SURVEYS)
WITH_MLE = tuple(name for name in BINARY if name not in SEPARATED)


@cache
def reference(name: str) -> RefSet:
    return RefSet(str(FOLDER / f"{name}.json"))


def formula_of(name: str) -> tuple[str, dict[str, str]]:
    """Return the formula, with R's reference levels, and from R's names to ours."""
    ref = reference(name)
    response = ref.j["response"]
    target = "case_" if response["type"] == "counts" else response["column"]
    terms, names = [], {"(Intercept)": "Intercept"}
    for column in ref.j["columns"]:
        if column["kind"] == "numeric":
            terms.append(column["name"])
            names[column["name"]] = column["name"]
            continue
        label = f"C({column['name']}, ref='{column['reference']}')"
        terms.append(label)
        for level in column["levels"]:
            names[column["name"] + level] = f"{label}[T.{level}]"
    return f"{target} ~ {' + '.join(terms)}", names


def data_of(name: str) -> tuple[object, dict[str, object]]:
    """Return what to fit, and the arguments that go with it.

    The counts of esoph become two rows a line, one of cases and one of controls.
    """
    ref = reference(name)
    if ref.kind != "counts":
        # A number coded 0/1 needs no event; a text is told which one R models.
        positive = ref.j["response"]["positive"]
        return str(FOLDER / f"{name}.csv"), {"event": positive}
    lines = pd.read_csv(FOLDER / f"{name}.csv")
    cases = lines.assign(case_=1, count_=lines[ref.j["response"]["successes"]])
    controls = lines.assign(case_=0, count_=lines[ref.j["response"]["failures"]])
    return pd.concat([cases, controls], ignore_index=True), {"frequency": "count_"}


@cache
def fitted(name: str, l2: float = 0.0, standardize: bool = False) -> Result:
    data, arguments = data_of(name)
    return sigmoide.logit(formula_of(name)[0], data, l2=l2, standardize=standardize, **arguments)


def in_our_order(name: str, result: Result, r_names: list[str], values: object) -> np.ndarray:
    """Put R's numbers, listed by R's names, in the order of our terms."""
    ours = formula_of(name)[1]
    table = dict(zip((ours[n] for n in r_names), values, strict=True))
    assert set(table) == set(result.params.index)
    return np.array([table[term] for term in result.params.index], dtype=float)
