"""The page and the lesson on more columns than two, on more rows than are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide import logit
from sigmoide.errors import ColumnError, UsageError
from sigmoide.lesson import run_lesson, write_page
from sigmoide.lesson.optimum import NoOptimum
from support.cli_run import run

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow

REFERENCES = Path(__file__).parents[1] / "references"
HOSTILE = "</script><img src=x onerror=alert(1)>"
PIMA = ("npreg", "glu", "bp", "skin", "bmi", "ped", "age")


def lesson(source, lang="en", **given):
    return run_lesson(lang, lambda line: None, source=source, **given)


@pytest.fixture(scope="module")
def pima():
    return lesson(REFERENCES / "pima_tr2.csv", y="type")


def test_the_directions_are_the_principal_ones(pima):
    """Beside the eigenvectors of the correlations, which share no step with the lesson's way."""
    table = pd.read_csv(REFERENCES / "pima_tr2.csv").dropna(subset=[*PIMA, "type"])
    data, found = pima.data, pima.data.origin.directions
    assert found.columns == PIMA
    assert data.rows.tolist() == table.index.tolist()
    train = data.in_train
    values, vectors = np.linalg.eigh(np.corrcoef(table[list(PIMA)][train].to_numpy().T))
    assert found.shares == pytest.approx((values[-2:] / 7)[::-1])
    assert np.abs(vectors[:, ::-1][:, :2].T @ found.loadings) == pytest.approx(np.eye(2), abs=1e-9)
    assert (found.loadings[np.abs(found.loadings).argmax(axis=0), [0, 1]] > 0).all()
    X = table[list(PIMA)].to_numpy()
    Z = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    assert data.Xn == pytest.approx(Z @ found.loadings)
    best = logit("y ~ a + b", {"a": data.X[train][:, 0], "b": data.X[train][:, 1],
                               "y": data.yn[train]})  # fmt: skip
    assert pima.optimum.certificate.proved
    assert [*pima.optimum.weights, pima.optimum.bias] == pytest.approx(
        best.params[["a", "b", "Intercept"]].to_numpy(), abs=1e-8
    )


@pytest.mark.parametrize("lang", ["es", "en"])
def test_it_is_said(pima, lang):
    record = lesson(REFERENCES / "pima_tr2.csv", lang, x=PIMA, y="type")
    assert np.array_equal(record.data.Xn, pima.data.Xn)
    text = " ".join(record.transcript.replace("#", " ").split())
    assert ("7 columnas" if lang == "es" else "7 columns") in text
    share = f"{100 * pima.data.origin.directions.shares[0]:.1f}"
    assert (share.replace(".", ",") if lang == "es" else share) in text
    assert max(map(len, record.transcript.splitlines())) <= 80


@pytest.mark.parametrize("javascript", [True, False])
def test_the_page_says_it(pima, open_page, tmp_path, javascript):
    page = open_page(write_page(pima, tmp_path / "p.html"), java_script_enabled=javascript)
    shares = [f"{100 * s:.1f}%" for s in pima.data.origin.directions.shares]
    for station in ("s01", "s05"):
        axes = page.locator(f"#{station}-picture .axis").all_text_contents()
        assert axes == [
            f"PC{k}, {share} of the variance" for k, share in zip((1, 2), shares, strict=True)
        ]
    said = page.locator("header").text_content()
    assert f"7 ({', '.join(PIMA)})" in said
    held = [f"{round(100 * s, 1):g}" for s in pima.data.origin.directions.shares]
    assert f"which hold {held[0]}% and {held[1]}% of" in said
    assert page.locator("#s01-picture line.best").count() == 1
    if javascript:
        assert f"loss of {pima.optimum.loss:.4f}" in page.locator("#s01-caption").text_content()
        assert page.locator("#s01-preset").count() == 0
        page.locator("#language").select_option("es")
        assert "El óptimo y lo demás hablan" in page.locator("header").text_content()
        said = page.locator("header").text_content().replace("\N{NO-BREAK SPACE}", " ")
        assert f"recogen el {held[0].replace('.', ',')} %" in said
        page.locator("#s01-add").click()
        expect(page.locator("#s01-picture .point")).to_have_count(len(pima.data.yn) + 1)


def test_more_rows_than_are_drawn(open_page, tmp_path):
    path = tmp_path / "d.html"
    own = ("--data", REFERENCES / "default.csv", "--y", "default", "--x", "balance,income")
    done = run("lesson", "--lang", "en", *own, "--html", path)
    assert done.exit_code == 0, done.stderr
    assert "2,000 rows drawn at random, always the same, of the 10,000" in " ".join(
        done.stdout.replace("#", " ").split()
    )
    page = open_page(path)
    assert "2000 rows drawn at random" in page.locator("header").text_content()
    assert page.locator("#s01-picture .point").count() == 2000
    assert path.stat().st_size < 500_000
    records = [
        lesson(REFERENCES / "default.csv", x=("balance", "income"), y="default", most_rows=2000)
        for _ in range(2)
    ]
    assert np.array_equal(records[0].data.rows, records[1].data.rows)
    assert len(np.unique(records[0].data.rows)) == 2000
    assert np.array_equal(records[0].data.in_train, records[0].data.rows % 3 != 0)


def test_separated_directions(open_page, tmp_path):
    rng = np.random.default_rng(1)
    c = np.arange(60) % 2
    table = {f"a{k}": c * 5 + rng.normal(size=60) for k in range(3)} | {"c": c, "same": 1.0 + 0 * c}
    record = lesson(table, y="c")
    assert record.data.origin.directions.columns == ("a0", "a1", "a2")
    assert isinstance(record.optimum, NoOptimum)
    page = open_page(write_page(record, tmp_path / "s.html"))
    assert "A line separates" in page.locator("#s01-caption").text_content()
    assert page.locator("#s01-picture line.best").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_hostile_names_of_many_columns(open_page, tmp_path, javascript):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    classes = np.where(X.sum(axis=1) + rng.normal(size=60) > 0, HOSTILE, "`*{n}*`")
    names = (f"a{HOSTILE}", "*b*`c`{n}", "d\u2028\"'&lt;")
    record = lesson(dict(zip(names, X.T, strict=True)) | {f"y{HOSTILE}": classes}, y=f"y{HOSTILE}")
    page = open_page(write_page(record, tmp_path / "h.html"), java_script_enabled=javascript)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert HOSTILE[:14] in page.locator("header").text_content()
    assert page.locator("header em").count() == 1  # the lede's own, and none of a name
    if javascript:
        page.locator("#language").select_option("es")
        assert HOSTILE[:14] in page.locator("header").text_content()
        page.locator("#s01-table summary").click()
        expect(page.locator("#s01-table")).to_contain_text(HOSTILE)
        assert HOSTILE[:29] in page.locator("#s01-class").text_content()
        assert page.locator("img").count() == 0


def test_what_cannot_be_done():
    rng = np.random.default_rng(0)
    a, c = rng.normal(size=60), np.arange(60) % 2
    with pytest.raises(ColumnError, match="it has 1 column"):
        lesson({"a": a, "b": ["u", "v"] * 30, "c": c}, y="c")
    with pytest.raises(ColumnError, match="all say the same"):
        lesson({"a": a, "b": 2 * a, "d": 1 - a, "c": c}, y="c")
    with pytest.raises(ColumnError, match="does not vary"):
        lesson({"a": a, "b": a**2, "d": 0 * a, "c": c}, x=("a", "b", "d"), y="c")
    with pytest.raises(ColumnError, match="no column 'z'"):
        lesson({"a": a, "b": a**2, "c": c}, y="z")
    with pytest.raises(UsageError, match="two different columns"):
        lesson({"a": a, "b": a**2, "c": c}, x=("a", "b", "a"), y="c")
