"""Station 10 in a browser: overflow, NaN for a right answer, freezing, to and fro for ever."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page


def type_in(page, value):
    page.locator("#s10-eta").fill(value)
    page.locator("#s10-eta").press("Enter")
    return page.locator("#s10-caption").text_content()


def frozen_rows(page):
    return page.locator("#s10-freeze tr").evaluate_all(
        "all => all.map(r => [...r.querySelectorAll('data')].map(d => Number(d.value)))"
    )


def test_nan_for_a_right_answer(page_file, open_page, lessons):
    finite = lessons["es"].further.finite
    page = open_page(page_file)
    page.locator("#s10-table summary").click()
    rows = page.locator("#s10-table tbody tr").evaluate_all(
        "all => all.map(r => [...r.querySelectorAll('data')].map(d => Number(d.value)))"
    )
    for row, eta, notebook, stable in zip(
        rows, finite.eta, finite.notebook, finite.stable, strict=False
    ):
        assert row[0] == eta
        assert row[3] == pytest.approx(notebook, rel=1e-5, abs=1e-9, nan_ok=True)
        assert row[4] == pytest.approx(stable, rel=1e-5)
    assert len(rows) == len(finite.eta) + 1
    assert "cuaderno 4,542 · 10⁻⁵" in type_in(page, "10")
    said = type_in(page, "17")
    assert "p es 1, la pérdida del cuaderno NaN y la de la forma estable 4,140 · 10⁻⁸" in said
    page.locator("#s10-precision").select_option("float64")
    assert "NaN" not in page.locator("#s10-caption").text_content()
    assert "p es 1, la pérdida del cuaderno NaN" in type_in(page, "40")
    expect(page).to_have_url(re.compile("try_eta=40&precision=float64"))


@pytest.mark.parametrize(
    ("precision", "kind"), [("float32", np.float32), ("float64", np.float64)], ids=str
)
def test_where_exp_overflows(page_file, open_page, precision, kind):
    most = float(np.log(np.finfo(kind).max))
    page = open_page(page_file, f"#precision={precision}")
    below, above = f"{np.floor(most):.0f}", f"{np.ceil(most):.0f}"
    assert "e elevado a η es ∞" not in type_in(page, below)
    assert "e elevado a η es ∞" in type_in(page, above)


def test_where_the_curve_ends(page_file, open_page, lessons):
    page = open_page(page_file)
    rect = page.locator("#s10-picture rect.frame")
    left, wide = (float(rect.get_attribute(name)) for name in ("x", "width"))
    mark = page.locator("#s10-picture line.mark")
    breaks = lessons["es"].further.finite.breaks_at
    found = (float(mark.get_attribute("x1")) - left) / wide * 40
    assert found == pytest.approx(breaks, abs=0.01)
    page.locator("#s10-precision").select_option("float64")
    found = (float(mark.get_attribute("x1")) - left) / wide * 40
    # 1 + exp(-eta) is rounded to 1 from half a unit on
    assert found == pytest.approx(53 * np.log(2), abs=0.01)


def test_the_frozen_weights_do_not_move(page_file, open_page, lessons):
    record = lessons["es"]
    way = record.further.way
    page = open_page(page_file)
    chosen = page.locator("#s10-weights option:checked").text_content()
    assert re.sub(r"\D", "", chosen) == str(way.freezing.step) == "210377"
    X, y = record.data.X[record.data.in_train], record.data.yn[record.data.in_train]

    def check(theta, moves):
        theta = np.float32(theta)
        p = 1 / (1 + np.exp(-(X @ theta[:2].astype(float) + float(theta[2]))))
        update = 0.05 * np.append((p - y) @ X, (p - y).sum()) / len(y)
        half = np.abs(np.spacing(theta)) / 2
        for row, *wanted in zip(frozen_rows(page), theta, half, update, strict=True):
            assert row == pytest.approx(wanted, rel=1e-4, abs=1e-12)
        said = page.locator("#s10-freeze td:last-child").all_text_contents()
        assert said == [moves] * 3
        assert ((np.abs(update) > half) == (moves == "sí")).all()

    check(way.freezing.theta, "no")
    page.locator("#s10-weights").select_option("now")
    check(record.path[100], "sí")
    expect(page.locator("#s10-unknown")).to_be_hidden()


@pytest.mark.parametrize(("rate", "swings"), [("4", True), ("3.9", False), ("0.05", False)])
def test_a_rate_too_long(page_file, open_page, lessons, rate, swings):
    record = lessons["es"]
    page = open_page(page_file)
    page.locator("#s10-rate").select_option(rate)
    X, y = record.data.X[record.data.in_train], record.data.yn[record.data.in_train]
    Z, theta, losses = np.column_stack([X, np.ones(len(y))]), record.path[0], []
    for _ in range(5000):
        theta = theta - float(rate) * Z.T @ (1 / (1 + np.exp(-Z @ theta)) - y) / len(y)
        losses.append(np.mean(np.logaddexp(0, Z @ theta) - y * (Z @ theta)))
    said = page.locator("#s10-last").text_content()
    written = " · ".join(f"{loss:.6f}".replace(".", ",") for loss in losses[-4:])
    assert written in said
    assert ("Baja y vuelve a subir" in said) == swings


def test_every_control_by_keyboard_and_mouse(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s10-title").focus()
    seen = []
    for _ in range(9):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        if name.startswith("s10-"):
            seen.append(name)
        if name in ("s10-slide", "s10-rate", "s10-steps", "s10-weights", "s10-precision"):
            page.keyboard.press("ArrowUp" if name == "s10-rate" else "ArrowRight")
    wanted = ["slide", "eta", "precision", "weights", "rate", "steps"]
    assert seen == [f"s10-{name}" for name in wanted]
    assert page.locator("#s10-eta").input_value() == "10,5"
    assert page.locator("#s10-rate").input_value() == "3.9"
    page.locator("#s10-slide").click()
    assert page.locator("#s10-caption").text_content().startswith("Con η = 50 ")
    page.locator("#s10-steps").click()
    assert 2000 < int(page.locator("#s10-steps").input_value()) < 3000


def test_the_language_and_the_still(page_file, open_page):
    still = open_page(page_file, java_script_enabled=False)
    page = open_page(page_file)
    for name in ("line.mark", "rect.frame"):
        element = [each.locator(f"#s10-picture {name}") for each in (still, page)]
        key = "x1" if name == "line.mark" else "width"
        places = [float(each.get_attribute(key)) for each in element]
        assert places[0] == pytest.approx(places[1], abs=0.03)
    page.locator("#language").select_option("en")
    assert page.locator("#s10-caption").text_content().startswith("At η = 10 in float32")
    assert page.locator("#s10-last").text_content().endswith("by turns.")


def test_ones_own_points_without_an_optimum(open_page, tmp_path):
    X = np.random.default_rng(3).normal(size=(40, 2))
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": np.where(X[:, 0] > 0, "<b>", "no")})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="y")
    page = open_page(write_page(record, tmp_path / "own.html"))
    expect(page.locator("#s10-unknown")).to_be_visible()
    assert page.locator("#s10-weights option").count() == 1
    assert len(frozen_rows(page)) == 3
