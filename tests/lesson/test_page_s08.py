"""Station 8 in a browser: both losses, the patience, the best step restored, by another's sums."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from sigmoide.lesson import run_lesson, write_page
from sigmoide.lesson.subsets import powers, standardised, stop_in_time

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def trained(data, degree, patience):
    """The same training in NumPy: losses of learning, validation and test; best, stop, weights."""
    test, valid, learn = (data.turn == part for part in (0, 1, 2))
    P = standardised(powers(standardised(data.X, learn), degree), learn)
    Z, y = np.column_stack([P, np.ones(len(P))]), data.yn
    theta, losses, walk = np.zeros(Z.shape[1]), [], []
    best, stop, end, step = 0, None, 5000, 0
    while step <= end:
        eta = Z @ theta
        each = np.logaddexp(0, eta) - y * eta
        losses.append([each[part].mean() for part in (learn, valid, test)])
        walk.append(theta)
        if stop is None:
            best = step if losses[step][1] < losses[best][1] else best
            if step - best >= patience:
                stop, end = step, min(5000, max(2000, 2 * step))
        error = 1 / (1 + np.exp(-eta)) - y
        theta = theta - 0.5 * Z[learn].T @ error[learn] / learn.sum()
        step += 1
    return np.array(losses), best, stop, end, (Z, walk)


def at_station(open_page, file, at=""):
    page = open_page(file, at)
    page.locator("#s08").scroll_into_view_if_needed()
    expect(page.locator("#s08-losses tbody tr").first).to_be_visible()
    return page


def table_of(page):
    rows = page.locator("#s08-losses tbody tr")
    return {
        row.locator("th").text_content(): [
            float(cell.get_attribute("value")) for cell in row.locator("data").all()
        ]
        for row in rows.all()
    }


@pytest.mark.parametrize(("degree", "patience"), [(1, 10), (2, 10), (3, 10), (4, 1), (3, 700)])
def test_the_training_is_python_s(page_file, open_page, lessons, degree, patience):
    losses, best, stop, end, _ = trained(lessons["es"].data, degree, patience)
    page = at_station(open_page, page_file, f"#degree={degree}&patience={patience}&lang=en")
    moments = {f"best: {best:,}": best, f"stop: {stop or 0:,}": stop, f"end: {end:,}": end}
    found = table_of(page)
    assert list(found) == [name for name, step in moments.items() if step is not None]
    for name, values in found.items():
        assert values == pytest.approx(losses[moments[name]], rel=1e-9)
    caption = page.locator("#s08-caption").text_content()
    assert f"Degree {degree}, {(degree + 1) * (degree + 2) // 2 - 1} col" in caption
    assert ("it does not stop" in caption) == (stop is None)
    page.locator("#s08-table summary").click()
    expect(page.locator("#s08-table tbody tr").nth(20)).to_be_visible()
    shown = page.locator("#s08-table tbody data").evaluate_all(
        "all => all.map(e => Number(e.value))"
    )
    assert shown[:2] == pytest.approx([np.log(2), np.log(2)])
    assert shown[-2:] == pytest.approx(losses[end, :2], rel=1e-9)


def test_the_default_is_the_lesson_s_own(page_file, open_page, lessons):
    """528, 538 and the losses that the lesson prints, which are torch's."""
    found = lessons["es"].further.stopping
    page = at_station(open_page, page_file)
    shown = table_of(page)
    assert list(shown) == [f"mejor: {found.best}", f"parada: {found.stop}", "final: 2000"]
    best, _, last = shown.values()
    assert best == pytest.approx(found.best_losses, rel=1e-9)
    assert last == pytest.approx(found.last_losses, rel=1e-9)
    assert f"se para en el {found.stop} y se vuelve al {found.best}" in (
        page.locator("#s08-caption").text_content()
    )


def test_where_the_marks_stand(page_file, open_page, lessons):
    found = lessons["es"].further.stopping
    page = at_station(open_page, page_file)
    frame = page.locator("#s08-picture rect.frame")
    left, wide = (float(frame.get_attribute(name)) for name in ("x", "width"))
    step_at = lambda x: (float(x) - left) / wide * 2000  # noqa: E731
    band = page.locator("#s08-picture rect.broken")
    assert step_at(band.get_attribute("x")) == pytest.approx(found.best, abs=0.1)
    wait = float(band.get_attribute("width")) / wide * 2000
    assert wait == pytest.approx(found.stop - found.best, abs=0.1)
    dots = page.locator("#s08-picture circle.now")
    for kept, step in (("best", found.best), ("stop", found.stop), ("last", 2000)):
        page.locator("#s08-kept").select_option(kept)
        for dot in dots.all():
            assert step_at(dot.get_attribute("cx")) == pytest.approx(step, abs=0.1)
    top, high = (float(frame.get_attribute(name)) for name in ("y", "height"))
    ratio = [top + high - float(dot.get_attribute("cy")) for dot in dots.all()]
    assert ratio[0] / ratio[1] == pytest.approx(
        found.last_losses[0] / found.last_losses[1], rel=1e-3
    )


@pytest.mark.parametrize("kept", ["best", "last"])
def test_the_boundary_bends_where_p_is_one_half(page_file, open_page, lessons, kept):
    record = lessons["es"]
    data = record.data
    _, best, _, end, (Z, walk) = trained(data, 3, 10)
    theta = walk[best if kept == "best" else end]
    page = at_station(open_page, page_file, f"#kept={kept}&lang=en")
    p = 1 / (1 + np.exp(-(Z @ theta)))
    wrong = [int(np.sum((p > 0.5) != (data.yn == 1), where=data.turn == part)) for part in range(3)]
    said = page.locator("#s08-plane-said").text_content()
    assert f"{wrong[2]} wrong answers of 33 in training" in said
    assert f"{wrong[1]} of 33 in validation (hollow) and {wrong[0]} of 34 in the test" in said
    rings = page.locator("#s08-plane path.ring").get_attribute("d").count("M")
    assert rings == sum(wrong)
    # Places on the line, from the picture back to x1 and x2, have a predictor of nearly 0.
    frame = page.locator("#s08-plane rect.frame")
    x0, y0, wide, high = (
        float(frame.get_attribute(name)) for name in ("x", "y", "width", "height")
    )
    d = page.locator("#s08-plane path.boundary").get_attribute("d")
    places = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d), dtype=float)
    assert len(places) > 40
    low = data.X.min(axis=0) - 0.06 * np.ptp(data.X, axis=0)
    span = 1.12 * np.ptp(data.X, axis=0)
    X = np.column_stack([(places[:, 0] - x0) / wide, 1 - (places[:, 1] - y0) / high]) * span + low
    learn = data.turn == 2
    both = np.concatenate([data.X, X])
    rows = np.concatenate([learn, np.zeros(len(X), dtype=bool)])
    Q = standardised(powers(standardised(both, rows), 3), rows)[len(data.X) :]
    eta = np.column_stack([Q, np.ones(len(Q))]) @ theta
    assert np.abs(eta).max() < 0.05
    assert np.ptp(Z @ theta) > 10
    page.locator("#s08-plane-table summary").click()
    expect(page.locator("#s08-plane-table tbody tr")).to_have_count(len(p))
    shown = page.locator("#s08-plane-table tbody data").evaluate_all(
        "all => all.map(e => Number(e.value))"
    )
    assert shown == pytest.approx(p, rel=1e-8)


def test_every_control_by_keyboard(page_file, open_page, lessons):
    page = open_page(page_file)
    page.locator("#s08-title").focus()
    seen = []
    caption = page.locator("#s08-caption")
    for _ in range(3):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if seen[-1] == "s08-degree":
            page.keyboard.press("ArrowLeft")
            expect(caption).to_contain_text("Grado 2, 5 columnas")
        if seen[-1] == "s08-patience":
            page.keyboard.press("Control+A")
            page.keyboard.type("25")
            page.keyboard.press("Enter")
            expect(caption).to_contain_text("Con paciencia 25")
        if seen[-1] == "s08-kept":
            page.keyboard.press("ArrowDown")
            expect(page.locator("#s08-losses [aria-current] th")).to_contain_text("parada")
    assert seen == ["s08-degree", "s08-patience", "s08-kept"]
    expect(page).to_have_url(re.compile(r"degree=2&patience=25&kept=stop"))
    stop = stop_in_time(lessons["es"].data, degree=2)
    assert stop.best == 577
    expect(caption).to_contain_text("fondo en el paso 577")


def test_by_mouse_and_what_is_refused(page_file, open_page):
    page = at_station(open_page, page_file)
    page.locator("#s08-degree").click(position={"x": 2, "y": 8})
    caption = page.locator("#s08-caption")
    expect(caption).to_contain_text("Grado 1, 2 columnas")
    expect(caption).to_contain_text("no se para")
    expect(page.locator("#s08-picture rect.broken")).to_be_hidden()
    assert page.locator("#s08-kept option").count() == 2
    box = page.locator("#s08-patience")
    for refused in ("0", "2.5", "1001"):
        box.fill(refused)
        box.press("Enter")
        expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("3")
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "false")
    page.locator("#language").select_option("en")
    page.locator("#s08").scroll_into_view_if_needed()
    expect(caption).to_contain_text("Degree 1, 2 columns")


def test_points_changed_by_hand_fall_to_a_part(page_file, open_page):
    """Another sample: the parts have the sizes of the notebook's, the losses are other ones."""
    page = at_station(open_page, page_file)
    before = table_of(page)
    page.locator("#s01-preset").select_option("moons")
    page.locator("#s08").scroll_into_view_if_needed()
    said = page.locator("#s08-plane-said")
    expect(said).to_contain_text("de 33 en el entrenamiento")
    assert table_of(page) != before


def test_the_still_is_what_the_code_draws(page_file, open_page):
    pages = [open_page(page_file, java_script_enabled=on) for on in (False, True)]
    pages[1].locator("#s08").scroll_into_view_if_needed()
    expect(pages[1].locator("#s08-picture .tick").first).to_be_visible()
    for mark, names in (
        ("rect.broken", ("x", "width", "y", "height")),
        ("circle.now >> nth=-1", ("cx",)),
    ):
        still, live = (
            [float(page.locator(f"#s08-picture {mark}").get_attribute(name)) for name in names]
            for page in pages
        )
        assert still == pytest.approx(live, abs=0.02)
    lines = [page.locator("#s08-picture path.curve").count() for page in pages]
    assert lines == [2, 2]


def test_too_few_points_of_one_s_own(open_page, tmp_path):
    """All that is left to learn from is of one class."""
    rng = np.random.default_rng(2)
    turn = np.arange(36) % 3
    y = np.where(turn == 2, 0, rng.integers(0, 2, 36))
    table = pd.DataFrame({"a": rng.normal(size=36) + y, "b": rng.normal(size=36), "y": y})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="y")
    assert record.further.stopping is None
    page = open_page(write_page(record, tmp_path / "own.html"))
    page.locator("#s08").scroll_into_view_if_needed()
    expect(page.locator("#s08-caption")).to_contain_text("hacen falta las dos clases")
    expect(page.locator("#s08-picture")).to_be_hidden()
    expect(page.locator("#s08-kept")).to_be_disabled()


def test_too_little_patience(open_page, tmp_path):
    """The first step makes validation worse, the later ones better: it is said, not hidden."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(36, 2)).round(2)
    y = (X[:, 0] * X[:, 1] + 0.5 * rng.normal(size=36) > 0).astype(int)
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": y})
    record = run_lesson("en", lambda line: None, source=table, x=("a", "b"), y="y")
    losses, best, stop, end, _ = trained(record.data, 2, 1)
    assert losses[end, 1] < losses[best, 1]
    file = write_page(record, tmp_path / "own.html")
    page = at_station(open_page, file, "#degree=2&patience=1")
    caption = page.locator("#s08-caption").text_content()
    assert f"it stops at step {stop} and goes back to {best}" in caption
    assert f"impatient: had it gone on to {end:,}" in caption
    assert f"fallen further still, to {losses[end, 1]:.4f}" in caption
