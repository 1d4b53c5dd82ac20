"""Station 5 in a browser: the notebook's descent, to the digit, by mouse and by keyboard."""

from __future__ import annotations

import csv
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trajectory(reference):
    with (reference / "seed_trajectory.csv").open() as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def printed(reference):
    lines = (reference / "seed_stdout.txt").read_text().splitlines()
    return [line for line in lines if line.startswith(("Step", "Learned", "Binary", "Accuracy"))]


def theta(page):
    return [
        float(page.locator(f"#s05-{name}").get_attribute("value") or "nan")
        for name in ("w1", "w2", "b")
    ]


def step(page):
    return int(re.sub(r"\D", "", page.locator("#s05-step").text_content()))


def test_the_descent_is_the_notebooks(page_file, open_page, trajectory):
    page = open_page(page_file, "#step=0")
    for number in range(0, 101, 10):
        row = trajectory[number]
        assert step(page) == number
        assert theta(page) == pytest.approx([row["w1"], row["w2"], row["b"]], abs=1e-6)
        loss = float(page.locator("#s05-loss").get_attribute("value"))
        assert loss == pytest.approx(row["train_loss_f32"], abs=1e-6)
        right = int(row["test_correct"])
        assert f"acierta {right} de 34" in page.locator("#s05-caption").text_content()
        page.locator("#s05-plus10").click()


def test_what_is_printed_is_what_the_notebook_prints(page_file, open_page, printed):
    page = open_page(page_file, "#step=0")
    shown = page.locator("#s05-printed")
    assert shown.text_content() == "(todavía nada)"
    page.locator("#s05-plus1").click()
    # the line of step 0 comes after the first update: one step late
    assert shown.text_content().splitlines() == printed[:1]
    page.locator("#s05-plus10").click()
    assert shown.text_content().splitlines() == printed[:2]
    page.locator("#s05-plus100").click()
    assert shown.text_content().splitlines() == printed
    assert len(printed) == 14


def test_the_vertical_boundary(page_file, open_page, lessons, trajectory):
    """Where the second weight passes zero, the line passes the vertical and stays in the frame."""
    crossings = lessons["es"].further.crossings
    assert crossings
    page = open_page(page_file)
    page.locator("#s05-scrub").focus()
    for crossing in crossings:
        leans = []
        for number in (crossing - 1, crossing):
            page.locator("#s05-scrub").evaluate(
                "(e, n) => { e.value = n; e.dispatchEvent(new Event('input', {bubbles: true})) }",
                number,
            )
            assert step(page) == number
            assert theta(page)[1] == pytest.approx(trajectory[number]["w2"], abs=1e-6)
            line = page.locator("#s05-picture line.boundary")
            x1, y1, x2, y2 = (float(line.get_attribute(k)) for k in ("x1", "y1", "x2", "y2"))
            frame = page.locator("#s05-picture rect.frame")
            left, top, wide, high = (
                float(frame.get_attribute(k)) for k in ("x", "y", "width", "height")
            )
            assert {y1, y2} == {top, top + high}
            assert left <= min(x1, x2) <= max(x1, x2) <= left + wide
            assert abs(x2 - x1) < 0.05 * high
            leans.append((x2 - x1) * (y2 - y1) > 0)
            assert "casi vertical" in page.locator("#s05-caption").text_content()
        assert leans[0] != leans[1]


def test_play_pause_and_the_jumps(page_file, open_page):
    page = open_page(page_file)
    play = page.locator("#s05-play")
    assert step(page) == 100
    assert play.text_content() == "Reproducir"
    play.click()  # at the end it begins anew
    expect(play).to_have_text("Pausa")
    expect(page.locator("#s05-step")).to_have_text(re.compile(r"^([3-9]|\d\d)$"))
    play.click()
    held = step(page)
    assert 2 < held < 100
    page.wait_for_timeout(200)
    assert step(page) == held
    for name, more in (("plus1", 1), ("plus10", 10), ("plus100", 100)):
        before = step(page)
        page.locator(f"#s05-{name}").click()
        assert step(page) == before + more
    page.locator("#s05-scrub").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert step(page) == held + 108
    page.locator("#s05-restart").click()
    assert step(page) == 0
    play.press("Enter")
    expect(page.locator("#s05-step")).to_have_text("100", timeout=20_000)
    expect(play).to_have_text("Reproducir")


def test_every_control_by_keyboard_alone(page_file, open_page):
    page = open_page(page_file, "#step=0")
    page.locator("#s05-title").focus()
    seen = []
    for _ in range(9):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id")
        seen.append(name)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", name
        if name.startswith("s05-plus"):
            page.keyboard.press("Space")
        if name == "s05-rate":
            page.keyboard.press("ArrowDown")
        if name == "s05-rate-box":
            page.keyboard.press("Control+A")
            page.keyboard.type("0.25")
            page.keyboard.press("Enter")
        if name == "s05-arrows":
            page.keyboard.press("Space")
    assert seen == [
        "s05-play",
        "s05-plus1",
        "s05-plus10",
        "s05-plus100",
        "s05-restart",
        "s05-scrub",
        "s05-rate",
        "s05-rate-box",
        "s05-arrows",
    ]
    assert step(page) == 111
    assert "tasa de aprendizaje 0,25" in page.locator("#s05-caption").text_content()
    assert not page.locator("#s05-arrows").is_checked()
    assert page.locator("#s05-picture path.arrows").get_attribute("d") == ""


def test_the_learning_rate(page_file, open_page):
    page = open_page(page_file, "#step=1")
    rates = page.locator("#s05-rate option")
    assert rates.all_text_contents() == ["0,05", "0,5", "3,9", "4,0", "otra"]
    box = page.locator("#s05-rate-box")
    slow = theta(page)
    start = [0.8822692632675171, 0.9150039553642273, 0.38286375999450684]
    for value in ("0.5", "3.9", "4"):
        page.locator("#s05-rate").select_option(value)
        assert box.input_value() == value.replace(".", ",")
        times = float(value) / 0.05
        far = [s + times * (w - s) for s, w in zip(start, slow, strict=True)]
        assert theta(page) == pytest.approx(far, abs=1e-9)
    box.fill("-1")
    box.blur()
    assert box.get_attribute("aria-invalid") == "true"
    assert "tasa de aprendizaje 4,0" in page.locator("#s05-caption").text_content()
    box.fill("0.125")
    box.blur()
    assert box.get_attribute("aria-invalid") == "false"
    assert page.locator("#s05-rate").input_value() == ""
    assert "tasa de aprendizaje 0,125" in page.locator("#s05-caption").text_content()
    page.locator("#language").select_option("en")
    assert box.input_value() == "0.125"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_number_typed_in_either_way(page_file, open_page, lang):
    page = open_page(page_file, f"#lang={lang}")
    box, wrong = page.locator("#s05-rate-box"), page.locator("#s05-rate-box-wrong")
    mark = {"es": ",", "en": "."}[lang]
    other = {"es": ".", "en": ","}[lang]
    caption = page.locator("#s05-caption")
    assert box.input_value() == f"0{mark}05"
    assert box.get_attribute("inputmode") == "decimal"
    assert box.get_attribute("aria-describedby") == "s05-rate-box-wrong"
    for given, shown in (
        ("0,25", "0.25"),
        ("0.125", "0.125"),
        (" .5 ", "0.5"),
        ("2e-3", "0.002"),
        (f"1{mark}125", "1.125"),
        ("7", "7"),
    ):
        box.fill(given)
        box.press("Enter")
        assert box.input_value() == shown.replace(".", mark)
        assert wrong.text_content() == ""
        expect(caption).to_contain_text(shown.replace(".", mark))
    held = caption.text_content()
    # one thousand here, one and nothing there: nobody is guessed at
    for given in ("", "x", "1,2.3", "1 2", "0", "-1", "1001", "NaN", "0x10", f"1{other}000"):
        box.fill(given)
        box.press("Enter")
        assert box.get_attribute("aria-invalid") == "true", given
        said = {"es": "Esto no vale", "en": "This cannot be"}[lang]
        expect(wrong).to_contain_text(said)
        expect(wrong).to_contain_text(f"0{mark}000001")
        assert caption.text_content() == held
    # what is wrong is said in the language of the moment, and forgotten with the next number
    page.locator("#s05-rate").select_option("0.5")
    assert box.input_value() == f"0{mark}5"
    assert (box.get_attribute("aria-invalid"), wrong.text_content()) == ("false", "")


def test_the_arrows_add_up_to_the_step(page_file, open_page, trajectory):
    page = open_page(page_file, "#step=20")
    page.locator("#s05-table summary").click()
    rows = page.locator("#s05-table tbody tr")
    expect(rows).to_have_count(100)
    cells = rows.evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.querySelector('data')?.value ?? ''))"
    )
    pulls = [(float(c[6]), float(c[7])) for c in cells if c[6]]
    assert len(pulls) == 66
    for j, name in enumerate(("w1", "w2")):
        moved = 0.05 * sum(pull[j] for pull in pulls) / 66
        assert moved == pytest.approx(trajectory[21][name] - trajectory[20][name], abs=1e-6)
    assert page.locator("#s05-picture path.arrows").get_attribute("d").count("M") > 100


def test_reduced_motion(page_file, open_page):
    page = open_page(page_file, "#step=3", reduced_motion="reduce")
    page.locator("#s05-play").click()
    assert step(page) == 100
    assert page.locator("#s05-play").text_content() == "Reproducir"


@pytest.mark.parametrize("library", ["sigmoide", "torch"])
def test_the_copied_program_runs(page_file, open_page, trajectory, library):
    page = open_page(page_file, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#s05-program summary").click()
    page.locator("#s05-library").select_option(library)
    page.locator("#s05-copy").click()
    expect(page.locator("#s05-program output")).to_have_text("Copiado.")
    page.locator("#language").select_option("en")
    expect(page.locator("#s05-program output")).to_have_text("Copied.")
    program = page.evaluate("navigator.clipboard.readText()")
    assert program == page.locator("#s05-code").input_value()
    assert ("sigmoide" in program) == (library == "sigmoide")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("weights"))
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", line)]
    last = trajectory[-1]
    assert numbers == pytest.approx([last["w1"], last["w2"], last["b"]], abs=1e-5)
    if library == "sigmoide":
        assert "optimum: proved" in done.stdout
