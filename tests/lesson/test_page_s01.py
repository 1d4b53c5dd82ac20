"""Station 1 in a browser: samples, points changed by mouse and by keyboard, and what follows."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
from playwright.sync_api import expect

from sigmoide import logit
from sigmoide.lesson.optimum import NoOptimum, exact_fit
from support.browser import settled

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow

KINDS = ("overlap", "apart", "moons", "outlier")


def points(page):
    """Return x1, x2, class and part of every point, from the table."""
    if page.locator("#s01-table").get_attribute("open") is None:
        page.locator("#s01-table summary").click()
    page.wait_for_selector("#s01-table tbody tr")
    rows = page.locator("#s01-table tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.querySelector('data')?.value"
        " ?? c.textContent))"
    )
    X = np.array([[float(row[1]), float(row[2])] for row in rows])
    y = np.array([int(row[3]) for row in rows])
    return X, y, np.array([row[4] == "entrenamiento" for row in rows]), [row[5] for row in rows]


def caption(page):
    return page.locator("#s01-caption").text_content()


def spot(page, x1, x2):
    """Return where a point of the plane is on the screen."""
    box = page.locator("#s01-picture svg").bounding_box()
    frame = page.locator("#s01-picture rect.frame")
    left, top, wide, high = (float(frame.get_attribute(k)) for k in ("x", "y", "width", "height"))
    share = box["width"] / 560
    low1, high1, low2, high2 = page.evaluate(
        "JSON.parse(document.getElementById('data').textContent).lesson.frame"
    )
    return (
        box["x"] + share * (left + wide * (x1 - low1) / (high1 - low1)),
        box["y"] + share * (top + high * (high2 - x2) / (high2 - low2)),
    )


def hash_of(page, name):
    expect(page).to_have_url(re.compile(f"{name}="))
    return re.search(rf"[#&]{name}=([^&]*)", page.url)[1]


def choose(page, number):
    page.locator("#s01-point").evaluate(
        "(e, n) => { e.value = n; e.dispatchEvent(new Event('input', {bubbles: true})) }", number
    )


def put_into(page, name, value):
    """Choose in a menu, without the waiting for a hand."""
    page.locator(f"#s01-{name}").evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('change', {bubbles: true})) }", value
    )


def type_in(page, name, text):
    page.locator(f"#s01-{name}").fill(text)
    page.locator(f"#s01-{name}").press("Enter")


def shown_loss(page):
    return float(re.search(r"pérdida de (\d+,\d+)", caption(page))[1].replace(",", "."))


def check_the_optimum(page):
    """What the caption says of the optimum is what the library says of the points shown."""
    X, y, train, _ = points(page)
    line = page.locator("#s01-picture line.best")
    best = exact_fit(X[train], y[train])
    if isinstance(best, NoOptimum):
        assert best.kind == "separated"
        assert "Una recta separa" in caption(page)
        assert ("justo encima" in caption(page)) == (not best.complete)
        assert line.count() == 0
    else:
        assert shown_loss(page) == pytest.approx(best.loss, abs=6e-5)
        assert line.count() == 1
    return best


def test_the_notebooks_points_are_the_default(page_file, open_page, lessons):
    page = open_page(page_file)
    X, y, train, changed = points(page)
    data = lessons["es"].data
    assert np.array_equal(X, data.X)
    assert np.array_equal(y, data.yn)
    assert np.array_equal(train, data.in_train)
    assert set(changed) == {"no"}
    assert "100 puntos: 50 de la clase 0 y 50 de la clase 1; 66 para aprender" in caption(page)
    assert shown_loss(page) == pytest.approx(lessons["es"].optimum.loss, abs=6e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample(page_file, open_page, kind):
    page = open_page(page_file)
    default = points(page)[0]
    page.locator("#s01-preset").select_option(kind)
    X, y, train, _ = points(page)
    assert train.tolist() == [k % 3 != 0 for k in range(100)]
    assert np.bincount(y).tolist() == [50, 50]
    assert isinstance(check_the_optimum(page), NoOptimum) == (kind == "apart")
    assert hash_of(page, "data") == kind
    again = open_page(page_file, f"#data={kind}")
    assert np.array_equal(points(again)[0], X)
    if kind in ("apart", "outlier"):
        # the notebook's, but for those that stood in the way, or the one that was moved
        same = np.abs(X - default).max(axis=1) < 0.001
        assert (1 if kind == "outlier" else 20) >= (~same).sum() >= 1
    # the other stations learn from these
    page.locator("#s05-restart").click()
    page.locator("#s05-plus10").click()
    w = np.array([0.8822692632675171, 0.9150039553642273, 0.38286375999450684])
    Z = np.column_stack([X, np.ones(100)])[train]
    for _ in range(10):
        w -= 0.05 * Z.T @ (1 / (1 + np.exp(-Z @ w)) - y[train]) / train.sum()
    shown = [float(page.locator(f"#s05-{n}").get_attribute("value")) for n in ("w1", "w2", "b")]
    assert shown == pytest.approx(w, abs=1e-9)
    page.locator("#s01-preset").select_option("lesson")
    assert np.array_equal(points(page)[0], default)


def test_spread_and_seed(page_file, open_page, lessons):
    page = open_page(page_file)
    data = lessons["es"].data
    page.locator("#s01-noise").focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert page.locator("#s01-noise-shown").text_content() == "0,5"
    X, y, _, _ = points(page)
    centres = np.array([[1, 2], [3, 4]])[y]
    # the same draws, half as wide
    assert np.abs(X - (centres + (data.X - centres) / 2)).max() < 6e-4
    check_the_optimum(page)
    page.locator("#s01-noise").evaluate(
        "e => { e.value = 1; e.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    assert np.array_equal(points(page)[0], data.X)
    type_in(page, "seed", "7")
    other = points(page)[0]
    assert np.abs(other - data.X).max() > 1
    check_the_optimum(page)
    type_in(page, "seed", "-1")
    assert page.locator("#s01-seed").get_attribute("aria-invalid") == "true"
    assert np.array_equal(points(page)[0], other)
    assert hash_of(page, "seed") == "7"
    means = [other[y == k].mean(axis=0) for k in (0, 1)]
    assert means == pytest.approx(np.array([[1, 2], [3, 4]]), abs=5 / np.sqrt(50))


def test_the_generator_is_uniform_and_normal(chromium):
    page = chromium.new_page()
    code = files("sigmoide.lesson.page").joinpath("static/core/random.js").read_text("utf-8")
    many = "Array.from({ length: 20000 }, "
    u, z, again = page.evaluate(
        f"() => {{ {code}; const draw = uniforms(42, 1), d = uniforms(42, 2);"
        f" return [{many} draw), {many} () => normalPair(d)), uniforms(42, 1)()] }}"
    )
    page.close()
    assert again == u[0]
    assert 0 < min(u) < max(u) < 1
    # within five standard errors, and of no sequence in neighbours
    counts = np.histogram(u, bins=20, range=(0, 1))[0]
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(1000)
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 5 / np.sqrt(20000)
    z = np.array(z)
    assert np.abs(z.mean(axis=0)).max() < 5 / np.sqrt(20000)
    assert np.abs(np.cov(z.T) - np.eye(2)).max() < 5 * np.sqrt(2 / 20000)


def test_a_point_dragged(page_file, open_page):
    page = open_page(page_file)
    X, _, train, _ = points(page)
    page.locator("#s01-picture").scroll_into_view_if_needed()
    i = int(np.flatnonzero(train)[np.argmin(X[train][:, 0])])
    loss = page.locator("#s05-loss").get_attribute("value")
    start, end = spot(page, *X[i]), spot(page, 4.5, 5.5)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*np.mean([start, end], axis=0))
    page.mouse.move(*end)
    # what stands elsewhere waits until it is let go
    assert page.locator("#s05-loss").get_attribute("value") == loss
    page.mouse.up()
    now, _, _, changed = points(page)
    assert now[i] == pytest.approx([4.5, 5.5], abs=0.03)
    assert np.array_equal(np.delete(now, i, axis=0), np.delete(X, i, axis=0))
    assert changed.count("sí") == 1
    assert page.locator("#s05-loss").get_attribute("value") != loss
    assert page.locator("#s01-point").input_value() == str(i + 1)
    assert "Has cambiado un punto." in caption(page)
    check_the_optimum(page)
    edits = hash_of(page, "edits")
    assert len(edits) == 7
    again = open_page(page_file, f"#edits={edits}")
    assert np.array_equal(points(again)[0], now)
    page.locator("#s01-undo").click()
    assert np.array_equal(points(page)[0], X)
    expect(page).not_to_have_url(re.compile("edits"))


def test_a_point_dragged_by_a_finger(page_file, open_page):
    page = open_page(page_file, has_touch=True)
    X, _, train, _ = points(page)
    page.locator("#s01-picture").scroll_into_view_if_needed()
    i = int(np.flatnonzero(train)[np.argmin(X[train][:, 0])])
    start, end = spot(page, *X[i]), spot(page, 4.5, 5.5)
    above = page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)
    way = [("touchStart", start), ("touchMove", np.mean([start, end], axis=0)), ("touchMove", end)]
    for kind, (x, y) in way:
        touch = {"type": kind, "touchPoints": [{"x": float(x), "y": float(y)}]}
        finger.send("Input.dispatchTouchEvent", touch)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    assert points(page)[0][i] == pytest.approx([4.5, 5.5], abs=0.03)
    # the page has not gone along with the finger
    assert page.evaluate("scrollY") == above


def test_a_point_added_and_removed_by_mouse(page_file, open_page):
    page = open_page(page_file)
    before = points(page)
    page.locator("#s01-picture").scroll_into_view_if_needed()
    page.mouse.click(*spot(page, -1, 6))
    X, y, train, changed = points(page)
    assert len(y) == 101
    assert X[-1] == pytest.approx([-1, 6], abs=0.03)
    assert changed[-1] == "sí"
    # like the one that was chosen, the first
    assert (y[-1], train[-1]) == (before[1][0], before[2][0])
    assert page.locator("#s01-picture .point").count() == 101
    page.locator("#s01-part").select_option("1")
    page.locator("#s01-class").select_option("0")
    assert (points(page)[1][-1], points(page)[2][-1]) == (0, True)
    check_the_optimum(page)
    page.locator("#s01-remove").click()
    assert np.array_equal(points(page)[0], before[0])
    # a click on a point chooses it, and changes nothing
    page.locator("#s01-picture").scroll_into_view_if_needed()
    alone = int(np.argmin(before[0][:, 0]))
    page.mouse.click(*spot(page, *before[0][alone]))
    assert page.locator("#s01-point").input_value() == str(alone + 1)
    assert np.array_equal(points(page)[0], before[0])
    page.locator("#s01-remove").click()
    assert np.array_equal(points(page)[0], np.delete(before[0], alone, axis=0))
    assert page.locator("#s01-point-shown").text_content() == f"{alone + 1} / 99"


def test_every_control_by_keyboard_alone(page_file, open_page):
    page = open_page(page_file)
    first = points(page)[0]
    page.locator("h2").first.focus()
    seen = []
    for _ in range(11):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        seen.append(name.removeprefix("s01-"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if name == "s01-preset":
            page.keyboard.press("ArrowDown")
        if name == "s01-seed":
            page.keyboard.press("Control+A")
            page.keyboard.type("5")
            page.keyboard.press("Enter")
        if name == "s01-noise":
            page.keyboard.press("ArrowLeft")
        if name == "s01-point":
            sample = points(page)
            page.locator("#s01-point").focus()
            for _ in range(2):
                page.keyboard.press("ArrowRight")
        if name == "s01-x1":
            page.keyboard.press("ArrowUp")
            page.keyboard.press("ArrowUp")
            page.keyboard.press("Shift+ArrowDown")
        if name == "s01-x2":
            page.keyboard.press("Control+A")
            page.keyboard.type("6.25")
            page.keyboard.press("Enter")
        if name in ("s01-class", "s01-part"):
            page.keyboard.press("ArrowDown" if sample[1][2] == 0 else "ArrowUp")
        if name in ("s01-add", "s01-remove"):
            page.keyboard.press("Space")
    wanted = "preset seed noise point x1 x2 class part add remove undo"
    assert seen == wanted.split()
    assert page.evaluate("location.hash") == "" or "data=overlap" in page.url
    X, y, _, changed = points(page)
    # the new one is gone again; the third was moved
    assert len(y) == 100
    assert X[2] == pytest.approx([sample[0][2][0] + 0.19, 6.25], abs=6e-4)
    assert y[2] == 1 - sample[1][2]
    assert changed.count("sí") == 1
    assert not np.array_equal(X, first)
    page.locator("#s01-undo").focus()
    page.keyboard.press("Enter")
    assert np.array_equal(points(page)[0], sample[0])


def test_separation_is_what_the_library_says(chromium):
    code = [
        files("sigmoide.lesson.page").joinpath(f"static/core/{n}.js").read_text("utf-8")
        for n in ("math", "separation")
    ]
    lines = "".join(code)
    rng = np.random.default_rng(2)
    seen = {"complete": 0, "touching": 0, "none": 0, "single": 0}
    blank = chromium.new_page()
    cases = []
    for n in (4, 5, 8, 12):
        for _ in range(40):
            # small whole numbers: many points touch, coincide or stand in a line
            X = rng.integers(0, 4 if n < 8 else 7, size=(n, 2)).astype(float)
            y = rng.integers(0, 2, size=n)
            if rng.uniform() < 0.5:
                y = (X @ rng.integers(-2, 3, size=2) > 1).astype(int)
            if np.linalg.matrix_rank(np.column_stack([X, np.ones(n)])) == 3:
                cases.append((X, y))
    said = blank.evaluate(
        f"given => {{ {lines}; return given.map(separation) }}",
        [{"x1": X[:, 0].tolist(), "x2": X[:, 1].tolist(), "y": y.tolist()} for X, y in cases],
    )
    blank.close()
    for (X, y), word in zip(cases, said, strict=True):
        seen[word] += 1
        if y.min() == y.max():
            assert word == "single"
            continue
        best = exact_fit(X, y)
        expected = "none"
        if isinstance(best, NoOptimum):
            expected = "complete" if best.complete else "touching"
        assert word == expected, (X, y)
    assert min(seen.values()) >= 3, seen


@pytest.mark.parametrize(
    "hostile",
    [
        "A",
        "AAAAAAA=",
        "AA<img>",
        "%3Cscript%3E",
        "AAAAAAA" * 2,  # the same point twice
        "AB______",
        "AB_____",  # past the ruler
        "__AAAAA",  # a number beyond all points
        "AB" + "A" * 5 + "AA" + "A" * 5,  # not in their order
        "AAAAAAA" * 151,
        "A" * 100_000,
    ],
)
def test_hostile_changes_are_ignored(page_file, open_page, lessons, hostile):
    page = open_page(page_file, f"#edits={hostile}&data=nowhere&noise=9&seed=0.5&points=1")
    assert np.array_equal(points(page)[0], lessons["es"].data.X)
    assert "cambiado" not in caption(page)


def test_nothing_is_left_without_a_part(page_file, open_page):
    """Taking away all of the test is refused at its last point; so are too many changes."""
    page = open_page(page_file)
    for number in range(34, 0, -1):
        choose(page, 3 * number - 2)
        put_into(page, "part", "1")
    assert points(page)[2].sum() == 99
    assert "tiene que quedar algún punto" in caption(page)
    page.locator("#s01-remove").click()
    assert len(points(page)[1]) == 100
    # By hand each click would wait until the page has been painted.
    page.locator("#s01-add").evaluate("e => { for (let k = 0; k < 150; k += 1) e.click(); }")
    settled(page)
    assert "No caben más cambios" in caption(page)
    assert len(points(page)[1]) == 100 + 150 - 33
    expect(page).to_have_url(re.compile(rf"edits=[\w-]{{{7 * 150}}}$"))
    again = open_page(page_file, "#" + page.url.split("#")[1])
    assert np.array_equal(points(again)[0], points(page)[0])


def test_one_class_left(page_file, open_page):
    page = open_page(page_file, "#data=moons")
    page.locator("#language").select_option("en")
    assert "the optimum, with a loss of 0." in caption(page)
    assert "100 points: 50 of class 0" in caption(page)
    page.locator("#language").select_option("es")
    labels = page.locator("#s01-preset option").all_text_contents()
    assert labels == ["la del cuaderno", "muy mezcladas", "separables", "lunas", "un punto lejano"]
    y, train = points(page)[1:3]
    for i in np.flatnonzero(train & (y == 1)):
        choose(page, int(i) + 1)
        put_into(page, "class", "0")
    assert "solo queda una clase" in caption(page)
    assert page.locator("#s01-picture line.best").count() == 0


def test_the_copied_program_has_the_points(page_file, open_page):
    page = open_page(page_file, "#step=30&rate=0.5")
    choose(page, 5)
    type_in(page, "x1", "4.75")
    page.locator("#s01-add").click()
    X, y, train, _ = points(page)
    assert X[4, 0] == 4.75
    page.locator("#s01-program summary").click()
    expect(page.locator("#s01-code")).to_have_value(re.compile("column_stack"))
    program = page.locator("#s01-code").input_value()
    assert "make_blobs" not in program
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("weights"))
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", line)]
    shown = [float(page.locator(f"#s05-{n}").get_attribute("value")) for n in ("w1", "w2", "b")]
    assert numbers == pytest.approx(shown, abs=1e-5)
    assert "optimum: proved" in done.stdout
    printed = dict(re.findall(r"^(Intercept|x1|x2) +(\S+)$", done.stdout, re.MULTILINE))
    best = logit("y ~ x1 + x2", {"x1": X[train][:, 0], "x2": X[train][:, 1], "y": y[train]})
    for name, value in best.params.items():
        assert float(printed[name]) == pytest.approx(value, rel=1e-5)
    assert shown_loss(page) == pytest.approx(-best.llf / best.nobs, abs=6e-5)
