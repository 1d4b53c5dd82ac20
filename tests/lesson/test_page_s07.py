"""Station 7 in a browser: the plane, the loss on it, and both ways, beside the lesson's record."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page
from sigmoide.lesson.plane import plane_through
from sigmoide.lesson.valley import mean_loss, signed_rows

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def known(lessons):
    record = lessons["es"]
    way = record.further.way
    rows = record.data.in_train
    return record, way, signed_rows(record.data.X[rows], record.data.yn[rows])


def table(page):
    if page.locator("#s07-table[open]").count() == 0:
        page.locator("#s07-table summary").click()
    expect(page.locator("#s07-table tbody tr").first).to_be_visible()
    cells = page.locator("#s07-table tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.querySelector('data')?.value"
        " ?? c.textContent))"
    )
    return [(row[0], int(row[1]), [float(value) for value in row[2:]]) for row in cells]


def ends(page, name):
    """Return the places of a path, first to last."""
    found = re.findall(r"-?[\d.]+ -?[\d.]+", page.locator(name).get_attribute("d"))
    return np.array([[float(value) for value in pair.split()] for pair in found])


def test_newton_with_a_brake_is_the_lessons(page_file, open_page, known):
    _, way, Z = known
    page = open_page(page_file)
    found = [row for row in table(page) if row[0] == "Newton con freno"]
    assert [number for _, number, _ in found] == list(range(way.newton.steps + 1))
    assert way.newton.steps == 10
    for (_, _, values), theta, loss in zip(found, way.newton.path, way.newton.losses, strict=True):
        assert values[:3] == pytest.approx(theta, rel=1e-12)
        assert values[3] == pytest.approx(loss, rel=1e-12)
        assert values[4] == pytest.approx(loss - float(mean_loss(Z, way.goal.theta)[0]), abs=1e-12)
    assert "salto 10: pérdida 0,1211. Ha llegado." in page.locator("#s07-caption").text_content()


def test_the_places_are_those_on_the_plane(page_file, open_page, known):
    """Along and across, up to one scale and one shift each: that of the axes' ticks."""
    record, way, _ = known
    page = open_page(page_file)
    plane = plane_through(way.start, record.path[-1], way.goal.theta)
    for name, path in (("#s07-newton-way", way.newton.path), ("#s07-descent", record.path)):
        drawn = ends(page, name)
        for j in range(2):
            there = plane.onto(path)[:, j]
            ticks = page.locator("#s07-picture g .tick").evaluate_all(
                "all => all.map(e => [e.getAttribute('text-anchor'), e.textContent,"
                " Number(e.getAttribute('x')), Number(e.getAttribute('y'))])"
            )
            kind = ("middle", "end")[j]
            marked = [
                (float(said.replace(",", ".").replace("−", "-")), (x, y - 4)[j])
                for anchor, said, x, y in ticks
                if anchor == kind
            ]
            slope, shift = np.polyfit(*np.array(marked).T, 1)
            if name == "#s07-descent":
                # every step up to 120, then fewer
                assert len(drawn) == len(there)
            assert drawn[:, j] == pytest.approx(slope * there + shift, abs=0.03)


def test_the_levels_are_where_the_loss_is(page_file, open_page, known):
    record, way, Z = known
    page = open_page(page_file)
    plane = plane_through(way.start, record.path[-1], way.goal.theta)
    # from places back to the plane, by two marks that are known
    newton = plane.onto(way.newton.path)
    drawn = ends(page, "#s07-newton-way")
    back = [np.polyfit(drawn[:, j], newton[:, j], 1) for j in range(2)]
    paths = page.locator("#s07-picture path.level").evaluate_all(
        "all => all.map(e => e.getAttribute('d'))"
    )
    levels = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
    seen = 0
    for level, path in zip(levels, paths, strict=True):
        pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)
        for pair in pairs[:: max(1, len(pairs) // 40)]:
            u, v = (np.polyval(back[j], float(pair[j])) for j in range(2))
            theta = plane.origin + u * plane.axes[0] + v * plane.axes[1]
            gap = float(mean_loss(Z, theta)[0]) - way.goal.loss
            # straight pieces between cells: a fifth of the way to the next level is close enough
            assert abs(np.log10(gap / level)) < 0.1, (level, gap)
            seen += 1
    assert seen > 150


def test_every_control_by_mouse(page_file, open_page, known):
    record, way, _ = known
    page = open_page(page_file)
    caption = page.locator("#s07-caption")
    method, jump = page.locator("#s07-method"), page.locator("#s07-jump")
    method.select_option("free")
    assert "Newton sin freno, salto 0" in caption.text_content()
    for number in (1, 2):
        jump.click()
        loss = f"{way.unbraked.losses[number]:.4f}".replace(".", ",")
        assert f"sin freno, salto {number}: pérdida {loss}, ya fuera" in caption.text_content()
    assert "No puede seguir" in caption.text_content()
    jump.click()  # at its end it begins anew
    assert "sin freno, salto 1:" in caption.text_content()
    page.locator("#s07-back").click()
    assert "sin freno, salto 0:" in caption.text_content()
    method.select_option("only")
    assert "Newton" not in caption.text_content()
    assert page.locator("#s07-newton-way").get_attribute("d") == ""
    jump.click()
    assert method.input_value() == "brake"
    assert "con freno, salto 1:" in caption.text_content()
    page.locator("#s07-step").evaluate(
        "e => { e.value = 40; e.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(page.locator("#s05-step")).to_have_text("40")
    assert caption.text_content().startswith("Descenso, paso 40:")
    best = way.goal.theta
    plane = plane_through(way.start, record.path[-1], best)
    along, across = plane.onto(record.path[40])[0]
    said = caption.text_content().replace(",", ".")
    numbers = [float(n.rstrip(".")) for n in re.findall(r"\d+(?:\.\d+)?", said)]
    far = float(np.linalg.norm(record.path[40] - best))
    gap = record.trajectory[40, 4] - way.goal.loss
    assert numbers[1:5] == pytest.approx([along, across, far, gap], rel=6e-3)
    page.locator("#language").select_option("en")
    assert caption.text_content().startswith("Descent, step 40: it has gone")
    assert method.locator("option").all_text_contents()[2] == "Newton with a brake"
    page.wait_for_timeout(300)
    again = open_page(page_file, "#" + page.url.split("#")[1])
    assert again.locator("#s07-caption").text_content() == caption.text_content()


def test_every_control_by_keyboard(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s07-title").focus()
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        seen.append(name)
        if name == "s07-step":
            page.keyboard.press("ArrowLeft")
        if name == "s07-method":
            page.keyboard.press("ArrowUp")
        if name == "s07-jump":
            page.keyboard.press("Enter")
            assert "sin freno, salto 1:" in page.locator("#s07-caption").text_content()
        if name == "s07-back":
            page.keyboard.press("Space")
    assert seen == ["s07-step", "s07-method", "s07-jump", "s07-back"]
    caption = page.locator("#s07-caption").text_content()
    assert caption.startswith("Descenso, paso 99:")
    assert "sin freno, salto 0:" in caption


def test_the_still_is_there_without_javascript(page_file, open_page):
    still = open_page(page_file, java_script_enabled=False)
    live = open_page(page_file)
    assert still.locator("#s07-picture .spot").count() == 3
    # the plane, its frame and Newton's way as the code draws them
    by_python = ends(still, "#s07-picture path.curve.second")
    assert by_python == pytest.approx(ends(live, "#s07-newton-way"), abs=0.03)


@pytest.mark.parametrize("javascript", [True, False])
def test_no_optimum_no_star(open_page, tmp_path, javascript):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": (X.sum(axis=1) > 0).astype(int)})
    record = run_lesson("en", lambda _: None, source=frame, x=("a", "b"), y="y")
    assert record.further.way is None
    page = open_page(write_page(record, tmp_path / "s.html"), java_script_enabled=javascript)
    assert page.locator("#s07-picture .spot").count() == 2
    assert page.locator("#s07-picture .goal").count() == 0
    if javascript:
        expect(page.locator("#s07-caption")).to_contain_text("no optimum")
        page.locator("#s07-jump").click()
        expect(page.locator("#s07-caption")).to_contain_text("Newton with a brake, jump 1")
