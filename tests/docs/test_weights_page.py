"""docs/weights.md: every figure of its tables is computed here, and R's are found among them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from references.refdata import arr
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.bootstrap import bootstrap
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import clusters_of_source
from sigmoide.inference.hypothesis import likelihoods
from sigmoide.inference.robust import HC_KINDS, heteroskedastic
from sigmoide.results.covariance import estimates, fisher
from sigmoide.results.records import Settings
from support.reference_sets import reference
from support.sandwiches import blocks_of, rows_of

PAGE = (Path(__file__).parents[2] / "docs" / "weights.md").read_text(encoding="utf-8")
TERM = "alcgp120+"

# heading of a column of the page -> (what is repeated, what the weights are, what a unit is)
READINGS = {
    "975 single rows": ("repeat", 1.0, "row"),
    "`frequency`": ("count", 1.0, "trial"),
    "counts, by line": ("count", 1.0, "line"),
    "`weights`": ("count", 1.0, "row"),
    "`weights` × 10": ("count", 10.0, "row"),
}
BOOTSTRAP, WITHOUT = "bootstrap, 199 samples", "samples without an estimate"
ROWS = [
    "estimate",
    "log-likelihood",
    "n",
    "AIC",
    "BIC",
    "Fisher",
    "HC0",
    "HC1",
    "n of HC1",
    "HC2",
    "HC3",
    "CR1, by line",
    BOOTSTRAP,
    WITHOUT,
]


def column(heading: str) -> dict[str, float]:
    """Return the figures of one reading of esoph."""
    way, times, unit = READINGS[heading]
    ref = reference("esoph")
    X, y, s, rows = rows_of(ref)
    lines = rows
    if way == "repeat":
        again = np.repeat(np.arange(len(y)), s.astype(int))
        X, y, lines, s, rows = X[again], y[again], rows[again], np.ones(975), np.arange(975)
    blocks = blocks_of(X, y, s * times, rows=rows)
    fit = fit_blocks(blocks, True, Settings(tol=1e-10))
    at = ref.names.index(TERM)
    counts = unit != "row"
    whole = likelihoods(fit, True, counts, penalised=False)
    # of a row of the source: of a single person, or of a line that has no row of its own
    codes = np.full(rows[-1] + 1, -1)
    codes[rows] = lines
    found = {
        "estimate": estimates(fit, True).params[at],
        "log-likelihood": whole.loglik,
        "n": whole.n,
        "AIC": whole.aic,
        "BIC": whole.bic,
        "Fisher": fisher(fit, True, counts).standard_errors[at],
    }
    for kind in HC_KINDS:
        robust = heteroskedastic(blocks, fit, True, kind, unit)
        found[kind], found["n of HC1"] = robust.standard_errors[at], robust.n
    cr1 = clustered(
        blocks, fit, True, "CR1", (clusters_of_source("line", codes),), "trial" if counts else "row"
    )
    found["CR1, by line"] = cr1.standard_errors[at]
    samples = bootstrap(blocks, fit, True, replicates=199, seed=1, unit=unit)
    found[BOOTSTRAP] = samples.covariance.standard_errors[at]
    found[WITHOUT] = 199 - samples.statuses["proved"]
    return found


def shown(name: str, value: float) -> str:
    if name in ("n", "n of HC1", WITHOUT):
        return f"{value:.0f}"
    return f"{value:.2f}" if name in ("log-likelihood", "AIC", "BIC") else f"{value:.4f}"


def table_after(heading: str) -> dict[str, list[str]]:
    """Return the rows of the page's table after a heading, by the first cell of each."""
    lines = PAGE.split(heading, 1)[1].splitlines()
    table = [line for line in lines if line.startswith("|")]
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in table]
    size = len(cells[0])
    return {row[0]: row[1:] for row in cells if len(row) == size}


@pytest.fixture(scope="module")
def figures():
    return {heading: column(heading) for heading in READINGS}


def test_every_figure_of_the_page(figures):
    table = table_after("## One data set, five readings")
    assert table[""] == list(READINGS)
    for name in ROWS:
        assert table[name] == [shown(name, figures[h][name]) for h in READINGS], name


def test_what_the_page_says_of_them(figures):
    single, frequency, lines, weights, tenfold = (figures[h] for h in READINGS)
    for name in ROWS:
        if name in (BOOTSTRAP, WITHOUT):
            continue  # other samples, of the same law
        assert frequency[name] == pytest.approx(single[name], rel=1e-8), name
        same = name in ("estimate", "log-likelihood", "AIC", "Fisher")
        assert (weights[name] == pytest.approx(frequency[name], rel=1e-12)) == same, name
    for name in ("HC0", "HC1", "HC2", "HC3", "CR1, by line", "estimate"):
        assert tenfold[name] == pytest.approx(weights[name], rel=1e-8), name
    assert tenfold["Fisher"] == pytest.approx(weights["Fisher"] / np.sqrt(10), rel=1e-8)
    assert tenfold["log-likelihood"] == pytest.approx(10 * weights["log-likelihood"], rel=1e-10)
    by_line, by_person = (shown("HC0", found["HC0"]) for found in (lines, single))
    assert f"HC0 by line, {by_line}, and by person, {by_person}," in PAGE.replace("\n", " ")
    assert 1.75 < weights["HC0"] / frequency["HC0"] < 2.0  # "almost twice as large"
    assert all(found[WITHOUT] > 199 / 3 for found in figures.values())  # "a third and more"


def test_r_says_the_same(figures):
    ref = reference("esoph")
    at = ref.names.index(TERM)
    robust = ref.ref["robust"]
    for kind in HC_KINDS:
        ours = figures["counts, by line"][kind]
        assert ours == pytest.approx(arr(robust[kind])[at], rel=1e-8)
    for kind in ("HC0", "HC1"):
        theirs = arr(robust[f"expanded_{kind}"])[at]
        assert figures["`frequency`"][kind] == pytest.approx(theirs, rel=1e-8)
    mle = ref.ref["mle"]
    assert figures["`frequency`"]["log-likelihood"] == pytest.approx(mle["loglik_bernoulli"])
