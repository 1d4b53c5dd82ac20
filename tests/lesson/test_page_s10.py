"""Station 10 in a browser: the notebook's loss digit by digit, a frozen step, a step too long."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def notebook(eta, y, kind):
    """The notebook's formula, in NumPy's numbers of that many bits: exp(-eta), p and the loss."""
    one, zero = kind(1), kind(0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        e = np.exp(-kind(eta))
        p = one / (one + e)
        t = one if y else zero
        loss = -(t * np.log(p) + (one - t) * np.log(one - p))
    return float(e), float(p), float(loss)


def true_loss(eta, y):
    return float(np.logaddexp(0.0, -eta if y else eta))


def value(page, name):
    return float(page.locator(f"#s10-{name}").get_attribute("value").replace("Infinity", "inf"))


def close(found, expected, rel):
    if math.isnan(expected) or math.isinf(expected):
        return found == expected or (math.isnan(found) and math.isnan(expected))
    return found == pytest.approx(expected, rel=rel, abs=1e-300)


ETAS = (-1000, -750, -709, -104, -100, -89, -88, -20, -1.5, 0, 5, 16, 16.6, 17, 30, 37, 100, 800)


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("y", [0, 1])
def test_the_losses_are_those_of_real_numbers_of_that_size(page_file, open_page, bits, y):
    kind, rel = (np.float32, 3e-7) if bits == 32 else (np.float64, 1e-14)
    page = open_page(page_file, "#lang=en")
    page.locator("#s10-bits").select_option(str(bits))
    page.locator("#s10-class").select_option(str(y))
    box, caption = page.locator("#s10-eta-box"), page.locator("#s10-caption")
    for eta in ETAS:
        box.fill(str(eta))
        box.press("Enter")
        e, p, loss = notebook(eta, y, kind)
        assert close(value(page, "exp"), e, rel), eta
        assert close(value(page, "p"), p, rel), eta
        # The logarithm of a p that is nearly 1 has the digits that p has left.
        near = max(rel, 2.0 ** (-23 if bits == 32 else -52) / max(abs(loss), 1e-300))
        assert close(value(page, "notebook"), loss, near), eta
        assert close(value(page, "true"), true_loss(eta, y), 1e-14), eta
        said = caption.text_content()
        assert f"and class {y}, in {bits} bits" in said
        assert f"η = {eta:g}".replace("-", "−") in said
        if math.isnan(loss):
            assert "The notebook gives NaN" in said
            assert said.endswith("It is right, and breaks all the same.")
        elif math.isinf(loss):
            assert "The notebook gives ∞" in said
            assert said.endswith("no room for the penalty.")
        elif abs(loss - true_loss(eta, y)) <= 1e-3 * true_loss(eta, y):
            assert said.endswith("They agree.")
        elif abs(loss - true_loss(eta, y)) >= 1e-2 * true_loss(eta, y):
            assert said.endswith("no longer agree.")


def test_they_are_the_lesson_s(page_file, open_page, lessons):
    """Beside torch's numbers, of class 1: the table of the lesson."""
    found = lessons["es"].further.finite
    page = open_page(page_file)
    page.locator("#s10-table summary").click()
    rows = page.locator("#s10-table tbody tr")
    expect(rows).to_have_count(9)
    cells = rows.evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.querySelector('data').value))"
    )
    table = {float(row[0]): [float(n.replace("Infinity", "inf")) for n in row] for row in cells}
    for eta, theirs, stable in zip(found.eta, found.notebook, found.stable, strict=True):
        assert close(table[eta][3], theirs, 1e-6)
        # Torch's is a float32, whose least step is 1.4e-45.
        assert table[eta][4] == pytest.approx(stable, rel=1e-6, abs=1.4e-45)


def edges(page):
    """Where the shaded parts of the picture begin and end, in units of eta from -120 to 120."""
    frame = page.locator("#s10-picture rect.frame")
    left, wide = (float(frame.get_attribute(name)) for name in ("x", "width"))
    d = page.locator("#s10-picture path.broken").get_attribute("d")
    pairs = re.findall(r"M(-?[\d.]+) [\d.]+H(-?[\d.]+)V", d)
    return [tuple((float(x) - left) / wide * 240 - 120 for x in pair) for pair in pairs]


def test_the_picture_shades_where_it_breaks(page_file, open_page, lessons):
    page = open_page(page_file)
    (left, low), (high, right) = edges(page)
    assert (left, right) == (pytest.approx(-120, abs=0.1), pytest.approx(120, abs=0.1))
    # In float32 the largest exp is that of 88.72; the grid is half a unit wide.
    assert -89.5 <= low <= -88.7
    breaks = lessons["es"].further.finite.breaks_at
    assert breaks <= high <= breaks + 0.6
    page.locator("#s10-class").select_option("0")
    (_, low), (high, _) = edges(page)
    assert -89.5 <= low <= -88.7
    assert breaks <= high <= breaks + 0.6
    mark = page.locator("#s10-picture circle.now")
    page.locator("#s10-eta-box").fill("500")
    page.locator("#s10-eta-box").press("Enter")
    expect(mark).to_be_hidden()
    page.locator("#s10-bits").select_option("64")
    expect(mark).to_be_visible()


def test_the_frozen_step(page_file, open_page, lessons):
    way = lessons["es"].further.way
    theta, data = way.freezing.theta, lessons["es"].data
    page = open_page(page_file)
    said = page.locator("#s10-frozen").text_content()
    assert f"{way.freezing.step:,}".replace(",", "\u202f") in said
    X = np.column_stack([data.X, np.ones(len(data.X))])[data.in_train]
    y = data.yn[data.in_train]
    g = X.T @ (1 / (1 + np.exp(-X @ theta)) - y) / len(y)
    for rate in (0.05, 0.5, 4.0):
        page.locator("#s10-rate").select_option(f"{rate:g}")
        for j in range(3):
            w = np.float32(theta[j])
            moves = w - np.float32(rate * g[j]) != w
            shown = page.locator(f"#s10-moves-{j}").text_content()
            assert shown == ("sí" if moves else "no")
            half = float(np.spacing(np.abs(w))) / 2
            text = page.locator(f"#s10-half-{j}").text_content().replace(",", ".")
            head, power = re.fullmatch(r"([\d.]+) · 10⁻(.)", text).groups()
            power = "⁰¹²³⁴⁵⁶⁷⁸⁹".index(power)
            assert float(head) * 10.0**-power == pytest.approx(half, rel=1e-3)
    # At the lesson's own rate nothing moves: that is what frozen means.
    page.locator("#s10-rate").select_option("0.05")
    assert [page.locator(f"#s10-moves-{j}").text_content() for j in range(3)] == ["no"] * 3


@pytest.mark.parametrize(
    ("rate", "words"), [("0.05", "Baja en cada paso."), ("4", "Sube y baja: no llegará nunca.")]
)
def test_four_steps_in_a_row(page_file, open_page, lessons, rate, words):
    data = lessons["es"].data
    X = np.column_stack([data.X, np.ones(len(data.X))])[data.in_train]
    y = data.yn[data.in_train]
    theta, losses = np.array(lessons["es"].path[0], dtype=float), []
    for step in range(5004):
        eta = X @ theta
        if step >= 5000:
            losses.append(np.mean(np.logaddexp(0, eta) - y * eta))
        theta = theta - float(rate) * (X.T @ (1 / (1 + np.exp(-eta)) - y)) / len(y)
    page = open_page(page_file)
    page.locator("#s10-rate").select_option(rate)
    page.locator("#s10-swing-table").scroll_into_view_if_needed()
    expect(page.locator("#s10-swing")).to_have_text(words)
    shown = page.locator("#s10-swing-table tbody data").evaluate_all(
        "all => all.map(e => Number(e.value))"
    )
    assert shown == pytest.approx(losses, rel=1e-6)
    if rate == "4":
        assert (shown[0] < shown[1]) == (shown[2] < shown[3]) != (shown[1] < shown[2])


def test_every_control_by_keyboard(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s10-title").focus()
    seen = []
    for _ in range(7):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.tagName")
        seen.append(name)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if name == "s10-eta":
            page.keyboard.press("Home")
            assert value(page, "true") == pytest.approx(120)
        if name == "s10-eta-box":
            page.keyboard.press("Control+A")
            page.keyboard.type("20,5")
            page.keyboard.press("Enter")
            assert "η = 20,5 y clase 1" in page.locator("#s10-caption").text_content()
        if name == "s10-class":
            page.keyboard.press("ArrowDown")
            assert "y clase 0" in page.locator("#s10-caption").text_content()
        if name == "s10-bits":
            page.keyboard.press("ArrowDown")
            assert "en 64 bits" in page.locator("#s10-caption").text_content()
    assert seen[:4] == ["s10-eta", "s10-eta-box", "s10-class", "s10-bits"]
    assert seen[5:] == ["s10-rate", "s10-rate-box"]
    expect(page).to_have_url(re.compile(r"fail_eta=20\.5&fail_class=0&bits=64"))


def test_the_slider_by_mouse_and_the_language(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s10-eta").click()  # in its middle
    assert abs(value(page, "true") - math.log(2)) < 3
    page.locator("#language").select_option("en")
    assert page.locator("#s10-caption").text_content().startswith("With η = ")
    assert page.locator("#s10-picture .axis").all_text_contents() == ["η", "loss of a point"]


def test_the_still_is_what_the_code_draws(page_file, open_page):
    pages = [open_page(page_file, java_script_enabled=on) for on in (False, True)]
    still, live = (page.locator("#s10-picture") for page in pages)
    rect = still.locator("rect.broken")
    drawn = [
        (float(r.get_attribute("x")), float(r.get_attribute("x")) + float(r.get_attribute("width")))
        for r in rect.all()
    ]
    d = live.locator("path.broken").get_attribute("d")
    moving = [tuple(map(float, pair)) for pair in re.findall(r"M(-?[\d.]+) [\d.]+H(-?[\d.]+)V", d)]
    assert np.array(drawn) == pytest.approx(np.array(moving), abs=0.02)
    for name in ("cx", "cy"):
        here = [float(p.locator("circle.now").get_attribute(name)) for p in (still, live)]
        assert here[0] == pytest.approx(here[1], abs=0.02)


def test_ones_own_points_that_do_not_freeze(open_page, tmp_path):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(45, 2))
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": (X.sum(axis=1) > 0).astype(int)})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="y")
    page = open_page(write_page(record, tmp_path / "own.html"))
    assert "no se congeló" in page.locator("#s10-frozen").text_content()
    expect(page.locator("#s10-frozen-table")).to_be_hidden()
    page.locator("#s10-swing-table").scroll_into_view_if_needed()
    expect(page.locator("#s10-swing")).to_have_text("Baja en cada paso.")
