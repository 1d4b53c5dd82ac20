"""Station 2 in a browser: the sigmoid, and each point at its eta."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def predictors(record, step=100):
    w1, w2, b = record.path[step]
    return record.data.X @ [w1, w2] + b


def value(page, name):
    return float(page.locator(f"#s02-{name}").get_attribute("value"))


def frame_of(page):
    rect = page.locator("#s02-picture rect.frame")
    return [float(rect.get_attribute(name)) for name in ("x", "y", "width", "height")]


def marks_of(page):
    """Where the middles of the points stand, each class and part on its own, from left to right."""
    found = {}
    for kind, name, x, y, more in ((0, "circle", "cx", "cy", 0), (1, "rect", "x", "y", 4)):
        for train, which in ((True, ":not(.hollow)"), (False, ".hollow")):
            places = page.locator(f"#s02-picture {name}.point{which}").evaluate_all(
                f"all => all.map(e => ['{x}', '{y}'].map(k => Number(e.getAttribute(k)) + {more}))"
            )
            found[kind, train] = np.array(sorted(places))
    return found


@pytest.mark.parametrize("step", [0, 100])
def test_every_point_stands_at_its_eta_on_the_curve(page_file, open_page, lessons, step):
    record = lessons["es"]
    eta = predictors(record, step)
    p = 1 / (1 + np.exp(-eta))
    page = open_page(page_file, f"#step={step}")
    x, y, wide, high = frame_of(page)
    end = max(6, np.ceil(1.05 * np.abs(eta).max()))
    expected = np.column_stack([x + wide * (eta + end) / (2 * end), y + high * (1 - p)])
    for (kind, train), places in marks_of(page).items():
        of = (record.data.yn == kind) & (record.data.in_train == train)
        wanted = expected[of]
        wanted = wanted[np.argsort(wanted[:, 0])]
        assert places == pytest.approx(wanted, abs=0.05)
    curve = page.locator("#s02-picture path.bend").get_attribute("d")
    pairs = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", curve), dtype=float)
    along = (pairs[:, 0] - x) / wide * 2 * end - end
    assert (y + high - pairs[:, 1]) / high == pytest.approx(1 / (1 + np.exp(-along)), abs=1e-3)
    assert len(pairs) > 200


def test_each_point_is_read_out(page_file, open_page, lessons):
    record = lessons["es"]
    eta = predictors(record)
    page = open_page(page_file)
    box = page.locator("#s02-point")
    caption = page.locator("#s02-caption")
    for number in (1, 2, 50, 100):
        box.fill(str(number))
        z = eta[number - 1]
        p = 1 / (1 + np.exp(-z))
        assert value(page, "eta-now") == pytest.approx(z, abs=1e-6)
        assert value(page, "p") == pytest.approx(p, abs=1e-7)
        assert value(page, "from-half") == pytest.approx(abs(p - 0.5), abs=1e-7)
        assert value(page, "odds") == pytest.approx(p / (1 - p), rel=1e-5)
        assert value(page, "slope") == pytest.approx(p * (1 - p), abs=1e-7)
        said = caption.text_content()
        assert said.startswith(f"El punto {number} (")
        assert f"η = {z:.4f}".replace(".", ",").replace("-", "−") in said
        assert ("prueba" in said) == (not record.data.in_train[number - 1])
    box.fill("101")
    assert box.get_attribute("aria-invalid") == "true"
    assert caption.text_content().startswith("El punto 100 (")


def test_at_zero_the_slope_is_a_quarter(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s02-zero").click()
    assert (value(page, "p"), value(page, "slope"), value(page, "odds")) == (0.5, 0.25, 1)
    assert page.locator("#s02-caption").text_content().startswith("Con η = 0,0, p = 0,5000, a 0,00")
    _, _, wide, high = frame_of(page)
    ends = page.locator("#s02-picture line.best").evaluate(
        "e => ['x1', 'y1', 'x2', 'y2'].map(name => Number(e.getAttribute(name)))"
    )
    half = float(page.locator("#s02-eta").get_attribute("max"))
    rise = (ends[1] - ends[3]) / high
    run = (ends[2] - ends[0]) / wide * 2 * half
    assert rise / run == pytest.approx(0.25, abs=1e-3)
    expect(page).to_have_url(re.compile("eta=0"))


def test_far_out_nothing_is_written_as_certain(page_file, open_page):
    page = open_page(page_file, "#eta=40")
    assert page.locator("#s02-p").text_content() == "1 − 4,25 · 10⁻¹⁸"
    assert page.locator("#s02-odds").text_content() == "2,35 · 10¹⁷"
    page = open_page(page_file, "#eta=-40")
    assert page.locator("#s02-p").text_content() == "4,25 · 10⁻¹⁸"


def test_every_control_by_keyboard(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s02-title").focus()
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if seen[-1] == "s02-point":
            page.keyboard.press("Control+A")
            page.keyboard.type("17")
            assert page.locator("#s02-caption").text_content().startswith("El punto 17 ")
            page.keyboard.press("ArrowUp")
            assert page.locator("#s02-caption").text_content().startswith("El punto 18 ")
        if seen[-1] == "s02-eta":
            before = value(page, "eta-now")
            page.keyboard.press("ArrowRight")
            assert value(page, "eta-now") == pytest.approx(before + 0.1, abs=0.11)
            assert page.locator("#s02-caption").text_content().startswith("Con η = ")
        if seen[-1] == "s02-zero":
            page.keyboard.press("Enter")
            assert value(page, "eta-now") == 0
        if seen[-1] == "s02-step":
            page.keyboard.press("Home")
    assert seen == ["s02-point", "s02-eta", "s02-zero", "s02-step"]
    expect(page.locator("#s05-step")).to_have_text("0")
    expect(page.locator("#live")).to_have_text(page.locator("#s02-caption").text_content())


def test_the_slider_by_mouse(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s02-eta").click()  # in its middle
    assert abs(value(page, "eta-now")) < 0.5
    page.locator("#s02-step").click()
    assert 45 <= int(page.locator("#s02-step-shown").text_content()) <= 55


def test_the_language_and_the_table(page_file, open_page, lessons):
    eta = predictors(lessons["es"])
    page = open_page(page_file)
    page.locator("#language").select_option("en")
    assert page.locator("#s02-caption").text_content().startswith("Point 1 (")
    page.locator("#s02-table summary").click()
    rows = page.locator("#s02-table tbody tr")
    expect(rows).to_have_count(100)
    cells = np.array(
        rows.evaluate_all(
            "all => all.map(r => [...r.querySelectorAll('data')].map(d => Number(d.value)))"
        )
    )
    assert cells[:, 0] == pytest.approx(eta, abs=1e-6)
    assert cells[:, 1] == pytest.approx(1 / (1 + np.exp(-eta)), abs=1e-7)
    assert cells[:, 2] == pytest.approx(np.exp(eta), rel=1e-5)


def test_the_still(page_file, open_page):
    still = open_page(page_file, java_script_enabled=False)
    live = open_page(page_file)
    drawn, moving = marks_of(still), marks_of(live)
    assert sum(map(len, drawn.values())) == 100
    for which in drawn:
        assert drawn[which] == pytest.approx(moving[which], abs=0.05)
    assert frame_of(still) == pytest.approx(frame_of(live))


def test_ones_own_points_without_an_optimum(open_page, tmp_path):
    X = np.random.default_rng(3).normal(size=(40, 2))
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": np.where(X[:, 0] > 0, "<b>", "no")})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="y")
    page = open_page(write_page(record, tmp_path / "own.html"))
    page.locator("#s02-point").fill("40")
    assert value(page, "eta-now") == pytest.approx(predictors(record)[39], abs=1e-5)
    assert page.locator("#s02 b").count() == 0
    assert sum(map(len, marks_of(page).values())) == 40
