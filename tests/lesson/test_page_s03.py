"""Station 3 in a browser: one prediction by hand, every number of it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def spanish(value, digits=4):
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def numbers(page):
    """All the numbers of the sum, as they are written, in their order."""
    return page.locator("#s03-sum math mn").all_text_contents()


def ring(page):
    element = page.locator("#s03-picture circle.ring")
    return [float(element.get_attribute(name)) for name in ("cx", "cy")]


def place_of(page, record, x1, x2):
    """Where a point of the plane stands, by the frame of the picture and the points' range."""
    rect = page.locator("#s03-picture rect.frame")
    left, top, wide, high = (
        float(rect.get_attribute(name)) for name in ("x", "y", "width", "height")
    )
    low, most = record.data.X.min(axis=0), record.data.X.max(axis=0)
    low, most = low - 0.06 * (most - low), most + 0.06 * (most - low)
    share = (np.array([x1, x2]) - low) / (most - low)
    return [left + wide * share[0], top + high * (1 - share[1])]


def expected(theta, x1, x2):
    """What the page has to write, worked out here."""
    w1, w2, b = theta
    t1, t2 = w1 * x1, w2 * x2
    eta = t1 + t2 + b

    def inside(value):
        return f"({spanish(value)})" if value < 0 else spanish(value)

    return {
        "weights": [spanish(w1), inside(x1), spanish(t1)],
        "second": [spanish(w2), inside(x2), spanish(t2)],
        "b": spanish(b),
        "eta": [spanish(t1), inside(t2), inside(b), spanish(eta)],
        "p": spanish(1 / (1 + np.exp(-eta))),
        "minus": spanish(-eta),
    }


@pytest.mark.parametrize("step", [0, 1, 100])
@pytest.mark.parametrize("number", [1, 2, 57, 100])
def test_the_sum_of_a_point(page_file, open_page, lessons, step, number):
    record = lessons["es"]
    page = open_page(page_file, f"#step={step}")
    page.locator("#s03-point").fill(str(number))
    x1, x2 = record.data.X[number - 1]
    wanted = expected(record.path[step], x1, x2)
    found = numbers(page)
    # the subscripts 1 and 2 of w and x stand among them
    assert found[2:5] == wanted["weights"]
    assert found[7:10] == wanted["second"]
    assert found[10] == wanted["b"]
    assert found[11:15] == wanted["eta"]
    assert found[15] == wanted["minus"]
    assert found[-1] == wanted["p"]
    assert found[16] == found[-2]  # e to minus eta, twice
    eta = record.path[step][:2] @ [x1, x2] + record.path[step][2]
    assert float(found[16].replace(",", ".")) == pytest.approx(np.exp(-eta), rel=1e-3)
    assert ring(page) == pytest.approx(place_of(page, record, x1, x2), abs=0.02)
    caption = page.locator("#s03-caption").text_content()
    assert caption.startswith(f"El punto {number} (y = {record.data.yn[number - 1]}, ")
    right = (eta > 0) == (record.data.yn[number - 1] == 1)
    assert caption.endswith("acierta." if right else "se equivoca.")
    assert f"la decisión es y = {int(eta > 0)}" in caption


def test_coordinates_by_hand(page_file, open_page, lessons):
    record = lessons["es"]
    page = open_page(page_file)
    page.locator("#s03-x1").fill("2,5")
    page.locator("#s03-x1").press("Enter")
    page.locator("#s03-x2").fill("-1.25")
    page.locator("#s03-x2").press("Enter")
    wanted = expected(record.path[100], 2.5, -1.25)
    assert numbers(page)[11:15] == wanted["eta"]
    assert numbers(page)[8] == "(−1,2500)"
    caption = page.locator("#s03-caption")
    assert caption.text_content().startswith("El punto escrito a mano, (2,5; −1,25), tiene η = ")
    assert "nadie sabe cuál es la verdad" in caption.text_content()
    outside = place_low(record) > -1.25
    assert outside == caption.text_content().endswith("fuera del dibujo.")
    expect(page).to_have_url(re.compile(r"hand=2\.5%2C-1\.25"))
    again = open_page(page_file, "#hand=2.5,-1.25")
    assert numbers(again) == numbers(page)
    for nonsense in ("x", "", "1e9"):
        page.locator("#s03-x1").fill(nonsense)
        page.locator("#s03-x1").press("Enter")
        assert page.locator("#s03-x1").get_attribute("aria-invalid") == "true"
        assert numbers(page) == numbers(again)
    page.locator("#s03-point").fill("3")
    assert caption.text_content().startswith("El punto 3 (")


def place_low(record):
    low, high = record.data.X[:, 1].min(), record.data.X[:, 1].max()
    return low - 0.06 * (high - low)


def test_far_out_the_ring_is_not_drawn(page_file, open_page):
    page = open_page(page_file, "#hand=500,400")
    expect(page.locator("#s03-picture circle.ring")).to_be_hidden()
    assert page.locator("#s03-caption").text_content().endswith("fuera del dibujo.")
    assert page.locator("#s03-sum").text_content().count("∞") == 0


def test_a_place_by_mouse(page_file, open_page):
    page = open_page(page_file)
    picture = page.locator("#s03-picture svg")
    picture.scroll_into_view_if_needed()
    size = picture.bounding_box()
    across, down = 0.6 * size["width"], 0.3 * size["height"]
    picture.click(position={"x": across, "y": down})
    cx, cy = ring(page)
    assert [cx / 560 * size["width"], cy / 440 * size["height"]] == pytest.approx(
        [across, down], abs=1
    )
    assert page.locator("#s03-caption").text_content().startswith("El punto escrito a mano")
    page.locator("#s03-step").click()  # in its middle
    assert 45 <= int(page.locator("#s03-step-shown").text_content()) <= 55


def test_every_control_by_keyboard(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s03-title").focus()
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if seen[-1] == "s03-point":
            page.keyboard.press("ArrowUp")
            assert page.locator("#s03-caption").text_content().startswith("El punto 2 ")
        if seen[-1] in ("s03-x1", "s03-x2"):
            page.keyboard.press("Control+A")
            page.keyboard.type("3,5")
            page.keyboard.press("Enter")
        if seen[-1] == "s03-step":
            page.keyboard.press("Home")
    assert seen == ["s03-point", "s03-x1", "s03-x2", "s03-step"]
    caption = page.locator("#s03-caption").text_content()
    assert "(3,5; 3,5)" in caption
    expect(page.locator("#s05-step")).to_have_text("0")
    expect(page.locator("#live")).to_have_text(caption)


def test_the_language_and_the_table(page_file, open_page, lessons):
    record = lessons["es"]
    page = open_page(page_file)
    page.locator("#language").select_option("en")
    assert page.locator("#s03-caption").text_content().startswith("Point 1 (y = ")
    assert "," not in "".join(numbers(page))
    page.locator("#s03-table summary").click()
    expect(page.locator("#s03-table tbody tr").first).to_be_visible()
    cells = page.locator("#s03-table tbody data").evaluate_all(
        "all => all.map(d => Number(d.value))"
    )
    (w1, w2, b), (x1, x2) = record.path[100], record.data.X[0]
    eta = w1 * x1 + w2 * x2 + b
    rows = [x1, w1, w1 * x1, x2, w2, w2 * x2, b, eta, 1 / (1 + np.exp(-eta))]
    assert cells == pytest.approx(rows, abs=1e-6)


def test_the_still(page_file, open_page):
    still = open_page(page_file, java_script_enabled=False)
    live = open_page(page_file)
    assert ring(still) == pytest.approx(ring(live), abs=0.02)
    for page in (still, live):
        assert page.locator("#s03-picture .point").count() == 100
        assert page.locator("#s03-picture line.boundary").count() == 1


def test_ones_own_points_without_an_optimum(open_page, tmp_path):
    X = np.random.default_rng(3).normal(size=(40, 2))
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": np.where(X[:, 0] > 0, "<b>", "no")})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="y")
    page = open_page(write_page(record, tmp_path / "own.html"))
    page.locator("#s03-point").fill("40")
    wanted = expected(record.path[100], *record.data.X[39])
    assert numbers(page)[11:15] == wanted["eta"]
    assert "la decisión es y = " in page.locator("#s03-caption").text_content()
    assert page.locator("#s03 b").count() == 0
    assert page.locator("#s03-picture .best").count() == 0
