"""docs/small-samples.md: every figure of its tables is computed here, and its Python runs."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import sigmoide
from references.refdata import arr
from sigmoide.errors import SeparationWarning
from sigmoide.inference.hypothesis import wald, z_test
from sigmoide.report.tables import p_word
from sigmoide.report.text import word
from support.reference_sets import data_of, formula_of, reference

PAGE = (Path(__file__).parents[2] / "docs" / "small-samples.md").read_text(encoding="utf-8")
METHODS = {
    "maximum likelihood": "ml",
    '`method="firth"`': "firth",
    '`method="flic"`': "flic",
    '`method="flac"`': "flac",
}
PLACES = {
    "endometrial": ("## Separated classes: 79 rows", "NV"),
    "plasma": ("## Few events: 32 rows", "fibrinogen"),
}


def fitted(name: str, method: str) -> sigmoide.Result:
    data, arguments = data_of(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SeparationWarning)
        return sigmoide.logit(formula_of(name)[0], data, method=method, **arguments)


def table_after(heading: str) -> list[list[str]]:
    lines = PAGE.split(heading, 1)[1].splitlines()
    begin = next(k for k, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[begin:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.mark.parametrize("name", PLACES)
def test_every_figure_of_the_tables(name):
    heading, term = PLACES[name]
    first, _, *rows = table_after(heading)
    assert first[1] == f"estimate of {term}"
    assert [row[0] for row in rows] == list(METHODS)
    for row in rows:
        found = fitted(name, METHODS[row[0]])
        low, high = (float(end) for end in found.conf_int().loc[term])
        ends = "withheld" if np.isnan(low) else f"{word(low)} to {word(high)}"
        p = p_word(float(found.pvalues[term])) or "withheld"
        mean = f"{found.predict(data_of(name)[0]).mean():.4f}"
        wanted = [word(float(found.params[term])), word(float(found.bse[term])), ends, p, mean]
        assert row[1:] == wanted, row[0]


def test_what_the_page_says_of_them():
    text = " ".join(PAGE.split())
    firth = fitted("endometrial", "firth")
    se = float(firth.bse["NV"])
    low, high = wald(np.array([firth.params["NV"]]), np.array([se]), 0.05)[0]
    _, p = z_test(np.array([firth.params["NV"]]), np.array([se]))
    assert (
        f"from {word(float(low))} to {word(float(high))}, with p = {p_word(float(p[0]))}:" in text
    )
    data = reference("endometrial").df
    assert (data.NV.sum(), len(data)) == (13, 79)
    assert (data.HG[data.NV == 1] == 1).all()
    assert "13 of 79 tumours" in text
    assert "all 13 are of high" in text
    plasma = reference("plasma").df
    assert (plasma.ESR == "raised").sum() == 6
    assert "6 of 32 are 0.1875" in text
    assert f"{6 / 32:.4f}" == "0.1875"


def test_r_says_the_same():
    for name, (_, term) in PLACES.items():
        theirs = reference(name).ref["firth"]
        at = theirs["names"].index(term)
        row = next(r for r in table_after(PLACES[name][0]) if r[0] == '`method="firth"`')
        low, high = arr(theirs["profile_ci95"])[at]
        assert row[1:5] == [
            word(theirs["estimate"][at]),
            word(theirs["se"][at]),
            f"{word(low)} to {word(high)}",
            p_word(theirs["plr_p"][at]),
        ]


@pytest.mark.parametrize("name", PLACES)
def test_about_so_many_reads(name):
    assert "about forty to seventy times" in PAGE
    for method in ("firth", "flic", "flac"):
        assert 35 <= fitted(name, method).reads <= 75


def test_the_python_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n([\s\S]*?)```", PAGE)
    names = {"sigmoide": sigmoide, "data": data_of("endometrial")[0]}
    with pytest.warns(SeparationWarning, match="Infinite: NV"):
        exec(code, names)
    assert names["plain"].params["NV"] == np.inf
    assert sigmoide.read_model("model.json").status == "converged"
