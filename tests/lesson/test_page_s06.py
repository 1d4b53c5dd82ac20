"""Station 6 in a browser: the curve, the distance to the optimum, the counters of its steps."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow

# The logarithmic axis goes from the eighth decade below 1 to the one above the start's distance.
UP = 1


@pytest.fixture
def opened(page_file, open_page):
    """Open the page with the station in sight."""

    def open_one(at="", **options):
        page = open_page(page_file, at, **options)
        page.locator("#s06").scroll_into_view_if_needed()
        return page

    return open_one


def value(page, name):
    return float(page.locator(f"#s06-{name}").get_attribute("value"))


def attribute(page, selector, *names):
    element = page.locator(f"#s06-picture {selector}")
    return [float(element.get_attribute(name)) for name in names]


def points_of(path):
    pairs = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get_attribute("d"))
    return np.array(pairs, dtype=float)


def heights(page):
    """Where the frame's upper and lower edges are."""
    top, high = attribute(page, "rect.frame", "y", "height")
    return top, top + high


def textbook_descent(record, rate, steps):
    """Losses above the optimum's after each step, by the formulas of the textbook."""
    data = record.data
    A = np.column_stack([data.X[data.in_train], np.ones(data.in_train.sum())])
    y = data.yn[data.in_train]
    theta = record.path[0].copy()
    gaps = []
    for _ in range(steps + 1):
        p = 1 / (1 + np.exp(-(A @ theta)))
        gaps.append(-np.mean(np.log(np.where(y == 1, p, 1 - p))) - record.optimum.loss)
        theta -= rate / len(y) * (A.T @ (p - y))
    return np.array(gaps)


def test_the_counters_are_pythons(opened, lessons):
    walks = lessons["es"].further.way.walks
    assert [walk.rate for walk in walks] == [0.05, 0.5, 3.9, 4.0]
    page = opened()
    for walk in walks:
        page.locator("#s06-rate").select_option(f"{walk.rate:g}")
        for k, steps in enumerate(walk.to_gap.values()):
            shown = page.locator(f"#s06-all{k}")
            if steps is None:
                assert walk.outcome == "oscillates"
                expect(shown).to_have_text("nunca", timeout=60_000)
                expect(page.locator(f"#s06-rest{k}")).to_have_text("–")
            else:
                expect(shown).to_have_attribute("value", str(steps), timeout=60_000)
                expect(page.locator(f"#s06-rest{k}")).to_have_attribute("value", str(steps - 100))
    assert page.locator("#s06-notebook").text_content() == "100"


def test_the_counters_at_a_rate_that_python_did_not_walk(opened, lessons):
    gaps = textbook_descent(lessons["es"], 2.5, 4_200)
    page = opened()
    page.locator("#s06-rate-box").fill("2.5")
    page.locator("#s06-rate-box").press("Enter")
    for k, bound in enumerate((1e-3, 1e-6)):
        steps = int(np.flatnonzero(gaps > bound)[-1]) + 1
        assert 100 < steps < 4_100
        expect(page.locator(f"#s06-all{k}")).to_have_attribute("value", str(steps))
    page.locator("#s06-step").focus()
    page.keyboard.press("Home")
    assert value(page, "rest1") == value(page, "all1")


def test_there_is_a_bound(opened):
    page = opened("#lang=en&rate=0.0001&step=0")
    expect(page.locator("#s06-all1")).to_have_text("over 250,000", timeout=60_000)
    assert page.locator("#s06-rest1").text_content() == "–"


def test_what_is_left(opened, lessons):
    record = lessons["es"]
    gaps = textbook_descent(record, 0.05, 100)
    page = opened("#step=0")
    for step in (0, 1, 37, 100):
        page.locator("#s06-step").fill(str(step))
        assert page.locator("#s06-step-shown").text_content() == str(step)
        assert value(page, "gap") == pytest.approx(gaps[step], abs=1e-9)
        bar = float(page.locator("#s06-bar").get_attribute("width"))
        assert bar == pytest.approx(560 * gaps[step] / gaps[0], abs=0.01)
        written = f"{gaps[step]:.3g}".replace(".", ",")
        assert page.locator("#s06-gap").text_content() == written
        caption = page.locator("#s06-caption").text_content()
        assert f"faltan {written}, el " in caption
        assert ("Tras un paso" if step == 1 else f"Tras {step} pasos") in caption
        loss = f"{gaps[step] + record.optimum.loss:.4f}".replace(".", ",")
        assert f"entrenamiento es {loss}" in caption


def test_where_things_stand(opened, lessons):
    """Linear: heights go with the loss. Logarithmic: with the logarithm of the distance."""
    record = lessons["es"]
    gaps = textbook_descent(record, 0.05, 100)
    page = opened()
    top, bottom = heights(page)
    curve = points_of(page.locator("#s06-picture path.curve:not(.second)"))[:101]
    assert len(curve) == 101
    [best] = attribute(page, "line.best", "y1")
    [now] = attribute(page, "circle.now", "cy")
    assert curve[-1, 1] == pytest.approx(now, abs=0.02)
    unit = (best - curve[0, 1]) / gaps[0]
    assert (best - curve[:, 1]) / unit == pytest.approx(gaps, abs=2e-4)
    assert bottom - best == pytest.approx(unit * record.optimum.loss, abs=0.05)
    other = points_of(page.locator("#s06-picture path.second"))[:101]
    tests = record.trajectory[:, 5]
    assert (bottom - other[:, 1]) / unit == pytest.approx(tests, abs=2e-4)

    assert page.locator("#s06-picture line.best").get_attribute("hidden") is None
    page.locator("#s06-axis").select_option("log")
    curve = points_of(page.locator("#s06-picture path.curve:not(.second)"))[:101]
    assert page.locator("#s06-picture line.best").get_attribute("hidden") is not None
    decades = page.locator("#s06-picture .tick").all_text_contents()
    assert {"1", "0,001", "10⁻⁶", "10⁻⁸"} <= set(decades)
    decade = (bottom - top) / (UP + 8)
    assert UP - (curve[:, 1] - top) / decade == pytest.approx(np.log10(gaps), abs=1e-3)
    marks = page.locator("#s06-picture line.mark:not([hidden])")
    assert [float(mark.get_attribute("y1")) for mark in marks.all()] == pytest.approx(
        [top + (UP + 3) * decade, top + (UP + 6) * decade], abs=0.02
    )
    assert page.locator("#s06-caption").text_content().startswith("Eje logarítmico. Tras 100")


def test_far_on(opened, lessons):
    """Beyond the notebook: its end is marked, and the curve goes as far as the axis."""
    page = opened("#loss_axis=log")
    page.locator("#s06-upto").select_option("100000")
    left, wide = attribute(page, "rect.frame", "x", "width")
    end = page.locator("#s06-picture line.mark").first
    assert end.get_attribute("hidden") is None
    assert float(end.get_attribute("x1")) == pytest.approx(left + wide / 1000, abs=0.01)
    expect(page.locator("#s06-all1")).to_have_attribute("value", re.compile(r"\d"), timeout=60_000)
    curve = points_of(page.locator("#s06-picture path.curve:not(.second)"))
    assert curve[-1, 0] == pytest.approx(left + wide, abs=0.01)
    # where it passes a thousandth
    steps = lessons["es"].further.way.walks[0].to_gap[1e-3]
    top, bottom = heights(page)
    at = np.interp(left + wide * steps / 1e5, curve[:, 0], curve[:, 1])
    assert at == pytest.approx(top + (UP + 3) / (UP + 8) * (bottom - top), abs=0.5)
    page.locator("#s06-step").fill("50000")
    assert page.locator("#s06-rest0").text_content() == "0: ya está"
    # and a nearer end brings the step with it
    page.locator("#s06-upto").select_option("1000")
    assert page.locator("#s06-step-shown").text_content() == "1000"
    expect(page).to_have_url(re.compile("loss_axis=log"))
    page.wait_for_timeout(300)
    assert "loss_upto=1000" in page.url


def test_to_and_fro_is_seen(opened):
    """At rate 4.0 each step is on the other side: in the picture it does not look settled."""
    page = opened("#rate=4&loss_axis=log")
    page.locator("#s06-upto").select_option("10000")
    expect(page.locator("#s06-all0")).to_have_text("nunca", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('#s06-picture path.curve').getAttribute('d').length > 8000"
    )
    curve = points_of(page.locator("#s06-picture path.curve:not(.second)"))
    last = curve[curve[:, 0] > curve[:, 0].max() - 100, 1]
    assert np.ptp(last) > 1
    assert (np.diff(np.sign(np.diff(last))) != 0).mean() > 0.9


def test_every_control_by_keyboard(opened):
    page = opened()
    page.locator("#s06-title").focus()
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        seen.append(name)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if name in ("s06-axis", "s06-upto", "s06-rate"):
            page.keyboard.press("ArrowDown")
        if name == "s06-step":
            page.keyboard.press("Home")
            for _ in range(3):
                page.keyboard.press("ArrowRight")
        if name == "s06-rate-box":
            page.keyboard.press("Control+A")
            page.keyboard.type("0.25")
            page.keyboard.press("Enter")
    assert seen == ["s06-axis", "s06-upto", "s06-step", "s06-rate", "s06-rate-box"]
    caption = page.locator("#s06-caption")
    assert "Tras 3 pasos con tasa de aprendizaje 0,25" in caption.text_content()
    assert caption.text_content().startswith("Eje logarítmico")
    assert page.locator("#s06-upto").input_value() == "1000"
    # the other stations went with it
    expect(page.locator("#s05-step")).to_have_text("3")
    assert page.locator("#s05-rate-box").input_value() == "0,25"
    expect(page.locator("#live")).to_have_text(caption.text_content())
    page.locator("#s06-table summary").press("Enter")
    expect(page.locator("#s06-table tbody tr").first).to_be_visible()


def test_the_slider_by_mouse(opened):
    page = opened()
    page.locator("#s06-step").click()  # in its middle
    step = int(page.locator("#s06-step-shown").text_content())
    assert 45 <= step <= 55
    left, wide = attribute(page, "rect.frame", "x", "width")
    assert attribute(page, "circle.now", "cx") == [
        pytest.approx(left + wide * step / 100, abs=0.02)
    ]


def test_the_language(opened):
    page = opened()
    expect(page.locator("#s06-all0")).to_have_text("48\u202f912", timeout=60_000)
    page.locator("#language").select_option("en")
    assert page.locator("#s06-all0").text_content() == "48,912"
    assert "After 100 steps at learning rate 0.05" in page.locator("#s06-caption").text_content()
    assert page.locator("#s06-axis option").all_text_contents() == [
        "linear: the loss",
        "logarithmic: the distance to the optimum",
    ]
    assert page.locator("#s06-picture .axis").all_text_contents() == ["Step", "loss"]
    assert "0.5" in page.locator("#s06-picture .tick").all_text_contents()


def test_the_table(opened, lessons):
    page = opened()
    page.locator("#s06-table summary").click()
    rows = page.locator("#s06-table tbody tr")
    expect(rows).to_have_count(26)
    cells = rows.evaluate_all(
        "rows => rows.map(r => [r.cells[0].textContent, ...[1, 2, 3].map(i =>"
        " r.cells[i].querySelector('data').value)].map(Number))"
    )
    record = lessons["es"]
    train, test = record.trajectory[::4, 4], record.trajectory[::4, 5]
    expected = np.column_stack([np.arange(0, 101, 4), train, test, train - record.optimum.loss])
    assert np.array(cells) == pytest.approx(expected, abs=1e-6)


def test_the_still(page_file, opened, open_page):
    found = []
    for javascript in (False, True):
        page = open_page(page_file, java_script_enabled=javascript)
        curves = [points_of(curve)[:101] for curve in page.locator("#s06-picture path").all()]
        others = [
            attribute(page, name, *keys)
            for name, keys in (("line.best", ("x1", "y1", "x2", "y2")), ("circle", ("cx", "cy")))
        ]
        ticks = page.locator("#s06-picture text").evaluate_all(
            "all => all.filter(e => !e.hasAttribute('hidden') && e.textContent).map(e =>"
            " [e.textContent, Math.round(e.getAttribute('x')), Math.round(e.getAttribute('y'))])"
        )
        found.append((curves, others, sorted(ticks)))
    (still, marks, words), (live, now, said) = found
    assert len(still) == len(live) == 2
    for one, other in zip(still, live, strict=True):
        assert one == pytest.approx(other, abs=0.03)
    for one, other in zip(marks, now, strict=True):
        assert one == pytest.approx(other, abs=0.03)
    assert words == said
    assert len(words) > 10


def test_ones_own_points(open_page, tmp_path):
    table = Path(__file__).parents[1] / "references" / "birthwt.csv"
    record = run_lesson("en", lambda line: None, source=table, x=("age", "lwt"), y="low")
    page = open_page(write_page(record, tmp_path / "own.html"))
    page.locator("#s06").scroll_into_view_if_needed()
    walk = record.further.way.walks[0]
    for k, steps in enumerate(walk.to_gap.values()):
        expect(page.locator(f"#s06-all{k}")).to_have_attribute("value", str(steps))
    gap = record.final_train_loss - record.optimum.loss
    assert value(page, "gap") == pytest.approx(gap, abs=1e-6)


@pytest.mark.parametrize("javascript", [True, False])
def test_no_optimum_no_line(open_page, tmp_path, javascript):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(45, 2))
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": (X.sum(axis=1) > 0).astype(int)})
    record = run_lesson("en", lambda line: None, source=table, x=("a", "b"), y="y")
    assert record.further.way is None
    page = open_page(write_page(record, tmp_path / "s.html"), java_script_enabled=javascript)
    assert page.locator("#s06-picture line.best:not([hidden])").count() == 0
    assert page.locator("#s06 .legend").get_by_text("optimum").count() == 0
    if javascript:
        page.locator("#s06").scroll_into_view_if_needed()
        caption = page.locator("#s06-caption")
        expect(caption).to_contain_text("There is no optimum: a line separates the classes")
        expect(page.get_by_text("To go, down to")).to_be_hidden()
        expect(page.locator("#s06 .gauge")).to_be_hidden()
        expect(page.locator("#s06-counters")).to_be_hidden()
        page.locator("#s06-axis").select_option("log")
        assert page.locator("#s06-picture .axis").all_text_contents() == ["Step", "loss"]
        assert "no optimum" in caption.text_content()
