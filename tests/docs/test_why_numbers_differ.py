"""docs/why-numbers-differ.md: its examples print what it shows, and R's numbers are R's."""

from __future__ import annotations

import doctest
import json
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sigmoide
from references.refdata import arr
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import clusters_of_source
from sigmoide.inference.robust import heteroskedastic
from sigmoide.results.records import Settings
from support.reference_sets import reference
from support.sandwiches import blocks_of, rows_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "why-numbers-differ.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```pycon\n([\s\S]*?)```", PAGE)


def test_the_examples_print_what_the_page_shows(monkeypatch):
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest("\n".join(BLOCKS), {}, "the page", None, 0)
    assert len(test.examples) > 60
    said: list[str] = []
    failed, _ = doctest.DocTestRunner().run(test, out=said.append)
    assert not failed, "".join(said)


def test_every_cause_has_an_example_and_what_makes_numbers_agree():
    sections = PAGE.split("\n## ")[1:]
    links = re.findall(r"\]\(#([\w-]+)\)", PAGE)
    titles = [section.split("\n")[0].lower().replace(" ", "-") for section in sections]
    assert set(links) <= set(titles)
    assert len(titles) >= 10
    for title, section in zip(titles, sections, strict=True):
        assert "```pycon" in section, title
        assert "To agree" in section or title in ("intervals", "weights"), title


def answers(name: str) -> dict:
    path = ROOT / "tests" / "references" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["references"]


def table_of_errors() -> dict[str, float]:
    rows = re.findall(r"^\| (\w+) \|[^|]*\| ([\d.]+) \|", PAGE, flags=re.MULTILINE)
    return {kind: float(error) for kind, error in rows}


def test_the_table_of_errors():
    """By sigmoide, and by R as far as R has it."""
    ref = reference("infert")
    X, y, s, rows = rows_of(ref)
    blocks = blocks_of(X, y, s, rows=rows)
    fit = fit_blocks(blocks, True, Settings())
    at, shown = ref.names.index("spontaneous"), table_of_errors()
    sets = (clusters_of_source("stratum", ref.df["stratum"].to_numpy()),)
    single = (clusters_of_source("row", np.arange(len(y))),)
    found = {
        "Fisher": np.sqrt(fit.coefficients.covariance[at, at]),
        "robust": clustered(blocks, fit, True, "CR_G", single).standard_errors[at],
    }
    for kind in ("HC0", "HC1"):
        found[kind] = heteroskedastic(blocks, fit, True, kind).standard_errors[at]
        assert found[kind] == pytest.approx(arr(ref.ref["robust"][kind])[at], rel=1e-8)
    for kind in ("CR0", "CR_G", "CR1"):
        found[kind] = clustered(blocks, fit, True, kind, sets).standard_errors[at]
        assert found[kind] == pytest.approx(arr(ref.ref["cluster_robust"][kind])[at], rel=1e-8)
    assert shown == {kind: round(float(error), 6) for kind, error in found.items()}
    assert found["robust"] == pytest.approx(found["HC0"] * np.sqrt(248 / 247), rel=1e-9)


def numbers_after(words: str) -> list[float]:
    """Return the numbers that an example prints which begins with these words."""
    shown = PAGE.split(words, 1)[1].split("\n", 1)[1].split("\n")[0]
    return [float(v) for v in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", shown)]


def test_what_is_said_of_r_is_what_r_printed():
    plasma = answers("plasma")["mle"]
    low, high = plasma["profile_ci95_MASS"][1]
    assert f"R's `confint` prints {low:.4f} and {high:.4f};" in PAGE
    assert numbers_after(">>> esr.conf_int(method=") == [
        round(v, 4) for v in plasma["profile_ci95"][1]
    ]
    assert numbers_after(">>> esr.conf_int()") == [round(v, 4) for v in plasma["wald_ci95"][1]]
    esoph = answers("esoph")["mle"]
    assert numbers_after(">>> round(r_loglik, 3)") == [
        round(esoph["loglik"], 3),
        round(esoph["bic"], 3),
    ]
    assert numbers_after(">>> round(drinks.llf, 3)") == [
        round(esoph["loglik_bernoulli"], 3),
        esoph["total_weight"],
        round(-2 * esoph["loglik_bernoulli"] + 12 * np.log(esoph["total_weight"]), 3),
    ]
    endometrial = answers("endometrial")
    assert numbers_after(">>> firth.params") == [
        round(v, 4) for v in endometrial["firth"]["estimate"]
    ]
    limit = endometrial["separation"]["limit"]["finite_estimates"]
    assert numbers_after('>>> sigmoide.logit("HG ~ PI + EH"') == [round(v, 4) for v in limit]


def test_the_information_is_the_same_observed_and_expected():
    """Minus the second derivatives of the log-likelihood, by differences, hold no y."""
    ref = reference("plasma")
    X = np.column_stack([np.ones(len(ref.yl)), ref.Xl[:, 1:]])
    beta = arr(ref.ref["mle"]["estimate"])
    p = 1 / (1 + np.exp(-X @ beta))
    expected = (X * (p * (1 - p))[:, None]).T @ X
    for y in (ref.yl, 1 - ref.yl):

        def score(b, y=y):
            return X.T @ (y - 1 / (1 + np.exp(-X @ b)))

        steps = np.diag(1e-5 * np.array([1.0, 0.3, 0.03]))
        observed = np.column_stack(
            [-(score(beta + h) - score(beta - h)) / (2 * h.sum()) for h in steps]
        )
        np.testing.assert_allclose(observed, expected, rtol=1e-6)


def test_statsmodels_is_as_the_page_has_it():
    """Where it is installed: it is no dependency, and the page shows no number of its own."""
    discrete = pytest.importorskip("statsmodels.discrete.discrete_model")
    frame = pd.read_csv(ROOT / "tests/references/birthwt.csv")
    y, X = frame["low"].to_numpy(float), frame[["age", "lwt", "smoke"]].to_numpy(float)
    bare = discrete.Logit(y, X).fit(disp=False).params
    ours = sigmoide.logit("low ~ age + lwt + smoke - 1", frame)
    np.testing.assert_allclose(bare, ours.params, rtol=1e-8)
    with_ones = discrete.Logit(y, np.column_stack([np.ones(len(y)), X]))
    same, hc0, hc1 = (
        with_ones.fit(disp=False, cov_type=kind) for kind in ("nonrobust", "HC0", "HC1")
    )
    whole = sigmoide.logit("low ~ age + lwt + smoke", frame)
    np.testing.assert_allclose(same.params, whole.params, rtol=1e-8)
    np.testing.assert_allclose(hc1.bse, hc0.bse, rtol=1e-12)
    by_formula = pytest.importorskip("statsmodels.formula.api")
    families = pytest.importorskip("statsmodels.genmod.families")
    words = frame.assign(low=np.where(y == 1, "yes", "no"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        turned = by_formula.glm("low ~ age", words, family=families.Binomial()).fit()
    straight = sigmoide.logit("low ~ age", frame)
    assert turned.params["age"] == pytest.approx(-straight.params["age"], rel=1e-6)
