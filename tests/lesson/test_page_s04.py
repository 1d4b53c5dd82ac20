"""Station 4 in a browser: the cost of each point, on its branch, and the mean of them all."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def answers(record, step):
    """Each point's p and -log of the probability of what it was, by the textbook's formulas."""
    w1, w2, b = record.path[step]
    p = 1 / (1 + np.exp(-(record.data.X @ [w1, w2] + b)))
    return p, -np.log(np.where(record.data.yn == 1, p, 1 - p))


def value(page, name):
    return float(page.locator(f"#s04-{name}").get_attribute("value"))


def numbers_of(page, selector, *names):
    element = page.locator(f"#s04-picture {selector}")
    return [float(element.get_attribute(name)) for name in names]


def marks_of(page):
    """Where the middles of the training points stand; the one chosen is drawn twice."""
    return [
        np.array(
            page.locator(f"#s04-picture {name}.point:not(.chosen *)").evaluate_all(
                f"all => all.map(e => ['{x}', '{y}'].map(k => Number(e.getAttribute(k)) + {more}))"
            )
        )
        for name, x, y, more in (("circle", "cx", "cy", 0), ("rect", "x", "y", 4))
    ]


def along(kind, places):
    """In their order along the branch, which rises to the right for class 0."""
    x, y = places.T
    return places[np.argsort(x + (y if kind else -y))]


@pytest.mark.parametrize("step", [0, 100])
def test_the_points_stand_on_their_branches(page_file, open_page, lessons, step):
    record = lessons["es"]
    p, losses = answers(record, step)
    page = open_page(page_file, f"#step={step}")
    x, y, wide, high = numbers_of(page, "rect.frame", "x", "y", "width", "height")
    ticks = page.locator("#s04-picture .tick").all_text_contents()
    train = record.data.in_train
    most = max(5, np.ceil(1.05 * losses[train].max()))
    assert f"{most - 1:g}" in ticks or f"{most:g}" in ticks
    for kind, places in enumerate(marks_of(page)):
        of = train & (record.data.yn == kind)
        expected = np.column_stack([x + wide * p[of], y + high * (1 - losses[of] / most)])
        assert len(places) == of.sum()
        found, expected = along(kind, places), along(kind, expected)
        assert found == pytest.approx(expected, abs=0.05)
    level = y + high * (1 - losses[train].mean() / most)
    assert numbers_of(page, "line.mark", "y1") == [pytest.approx(level, abs=0.02)]
    for kind in (0, 1):
        branch = page.locator(f"#s04-picture path.of{kind}").get_attribute("d")
        pairs = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", branch), dtype=float)
        share = (pairs[:, 0] - x) / wide
        loss = (y + high - pairs[:, 1]) / high * most
        assert np.exp(-loss) == pytest.approx(share if kind else 1 - share, abs=1e-3)


def test_each_point_is_read_out(page_file, open_page, lessons):
    record = lessons["es"]
    p, losses = answers(record, 100)
    page = open_page(page_file)
    caption = page.locator("#s04-caption")
    mean = losses[record.data.in_train].mean()
    box = page.locator("#s04-point")
    for number in (1, 2, 3, 50, 99, 100):
        box.fill(str(number))
        i = number - 1
        assert value(page, "p") == pytest.approx(p[i], abs=1e-7)
        assert value(page, "loss") == pytest.approx(losses[i], abs=1e-6)
        said = caption.text_content()
        assert said.startswith(f"El punto {number} (")
        assert f"{losses[i]:.4f}".replace(".", ",") in said
        assert (record.data.yn[i] == 1) == ("= 1)" in said)
        assert ("no cuenta en ella" in said) == (not record.data.in_train[i])
        assert said.endswith("es " + f"{mean:.4f}".replace(".", ",") + ".")
        x, wide = numbers_of(page, "rect.frame", "x", "width")
        assert numbers_of(page, "circle.ring", "cx") == [pytest.approx(x + wide * p[i], abs=0.02)]
    for nonsense in ("0", "101", "2.5", ""):
        box.fill(nonsense)
        assert box.get_attribute("aria-invalid") == "true"
        assert caption.text_content().startswith("El punto 100 (")
    box.blur()
    page.locator("#s04-dearest").click()
    assert box.get_attribute("aria-invalid") == "false"


def test_the_mean_is_the_loss_of_the_player(page_file, open_page, lessons):
    record = lessons["es"]
    page = open_page(page_file)
    for step in (0, 1, 20, 100):
        page.locator("#s04-step").fill(str(step))
        assert page.locator("#s04-step-shown").text_content() == str(step)
        _, losses = answers(record, step)
        trained = losses[record.data.in_train]
        assert value(page, "mean") == pytest.approx(trained.mean(), abs=1e-6)
        assert value(page, "sum") == pytest.approx(trained.sum(), abs=1e-4)
        mean = page.locator("#s04-mean").text_content()
        expect(page.locator("#s05-loss")).to_have_text(mean)


def test_the_dearest_the_cheapest_and_the_sum(page_file, open_page, lessons):
    record = lessons["es"]
    train = np.flatnonzero(record.data.in_train)
    page = open_page(page_file, "#step=0")
    for step in (0, 100):
        page.locator("#s04-step").fill(str(step))
        _, losses = answers(record, step)
        trained = losses[train]
        for name, index in (("cheapest", np.argmin(trained)), ("dearest", np.argmax(trained))):
            page.locator(f"#s04-{name}").click()
            assert page.locator("#s04-point").input_value() == str(train[index] + 1)
            wide = float(page.locator("#s04-mine").get_attribute("width"))
            assert wide == pytest.approx(560 * trained[index] / trained.sum(), abs=0.01)
        assert page.locator("#s04-mine").get_attribute("x") == "0"
        shares = np.cumsum(np.sort(trained)[::-1]) / trained.sum()
        half = int(np.flatnonzero(shares >= 0.5)[0]) + 1
        assert f"Los {half} puntos más caros, de 66, " in page.locator("#s04-half").text_content()
        d = "".join(piece.get_attribute("d") for piece in page.locator("#s04 .strip .piece").all())
        assert d.count("M") == 66
        lengths = [float(length) for length in re.findall(r"h(-?[\d.]+)v", d)]
        assert sum(lengths) == pytest.approx(560, abs=0.4)
    # a test point has no piece of the sum
    page.locator("#s04-point").fill("1")
    expect(page.locator("#s04-mine")).to_be_hidden()
    assert "es de prueba y no está en ella" in page.locator("#s04-half").text_content()


def test_every_control_by_keyboard(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s04-title").focus()
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        seen.append(name)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if name == "s04-point":
            page.keyboard.press("Control+A")
            page.keyboard.type("17")
            assert page.locator("#s04-caption").text_content().startswith("El punto 17 ")
            page.keyboard.press("ArrowUp")
            assert page.locator("#s04-caption").text_content().startswith("El punto 18 ")
        if name == "s04-dearest":
            page.keyboard.press("Enter")
            dearest = page.locator("#s04-point").input_value()
        if name == "s04-cheapest":
            page.keyboard.press("Space")
            assert page.locator("#s04-point").input_value() != dearest
        if name == "s04-step":
            page.keyboard.press("Home")
            page.keyboard.press("ArrowRight")
    assert seen == ["s04-point", "s04-dearest", "s04-cheapest", "s04-step"]
    expect(page.locator("#s05-step")).to_have_text("1")
    expect(page.locator("#live")).to_have_text(page.locator("#s04-caption").text_content())
    expect(page).to_have_url(re.compile(r"loss_point=\d+"))


def test_the_slider_by_mouse(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s04-step").click()  # in its middle
    assert 45 <= int(page.locator("#s04-step-shown").text_content()) <= 55


def test_the_language_and_the_table(page_file, open_page, lessons):
    record = lessons["es"]
    p, losses = answers(record, 100)
    page = open_page(page_file)
    page.locator("#language").select_option("en")
    assert page.locator("#s04-caption").text_content().startswith("Point ")
    assert page.locator("#s04-picture .axis").all_text_contents() == [
        "p, probability of class 1",
        "what the point costs",
    ]
    page.locator("#s04-table summary").click()
    rows = page.locator("#s04-table tbody tr")
    expect(rows).to_have_count(100)
    cells = rows.evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.querySelector('data')?.value ?? ''))"
    )
    assert [float(row[3]) for row in cells] == pytest.approx(p, abs=1e-7)
    assert [float(row[4]) for row in cells] == pytest.approx(losses, abs=1e-6)
    shares = [float(row[5]) for row in cells if row[5]]
    assert len(shares) == 66
    assert sum(shares) == pytest.approx(1, abs=1e-12)


def test_the_still(page_file, open_page):
    still = open_page(page_file, java_script_enabled=False)
    live = open_page(page_file)
    drawn, moving = marks_of(still), marks_of(live)
    assert len(drawn[0]) + len(drawn[1]) == 66
    for kind in (0, 1):
        assert along(kind, drawn[kind]) == pytest.approx(along(kind, moving[kind]), abs=0.05)
    for selector, names in (
        ("circle.ring", ("cx", "cy")),
        ("line.mark", ("x1", "x2", "y1", "y2")),
        ("rect.frame", ("x", "y", "width", "height")),
    ):
        assert numbers_of(still, selector, *names) == pytest.approx(
            numbers_of(live, selector, *names), abs=0.03
        )
    drop = "#s04-picture path.drop"
    ends = [re.findall(r"[\d.]+", each.locator(drop).get_attribute("d")) for each in (still, live)]
    assert np.array(ends[0], float) == pytest.approx(np.array(ends[1], float), abs=0.03)


def test_ones_own_points(open_page, tmp_path):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(45, 2))
    words = np.where(X.sum(axis=1) > 0, "sí <b>", "no")
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "¿qué?": words})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="¿qué?")
    page = open_page(write_page(record, tmp_path / "own.html"))
    box = page.locator("#s04-point")
    assert box.get_attribute("max") == "45"
    number = int(np.flatnonzero(record.data.yn == 1)[0]) + 1
    box.fill(str(number))
    caption = page.locator("#s04-caption").text_content()
    assert caption.startswith(f"El punto {number} (¿qué? = {record.data.classes[1]})")
    assert page.locator("#s04 b").count() == 0
    _, losses = answers(record, 100)
    assert value(page, "loss") == pytest.approx(losses[number - 1], abs=1e-6)
