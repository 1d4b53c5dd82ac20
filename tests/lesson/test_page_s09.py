"""Station 9 in a browser: right answers and right order, beside scikit-learn's and sigmoide's."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect
from sklearn import metrics

from sigmoide.evaluation.curves import Scored, calibration_curve
from sigmoide.lesson import run_lesson, write_page
from sigmoide.lesson.page.texts import TABLES

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def answers(record, step, part):
    """Probabilities and classes of one part, by the textbook's formula."""
    w1, w2, b = record.path[step]
    rows = record.data.in_train == (part == "train")
    p = 1 / (1 + np.exp(-(record.data.X @ [w1, w2] + b)))
    return p[rows], record.data.yn[rows]


def value(page, name):
    return float(page.locator(f"#s09-{name}").get_attribute("value"))


def matrix(page):
    return [[int(page.locator(f"#s09-cell{y}{a}").text_content()) for a in (0, 1)] for y in (0, 1)]


def numbers_in(page, table):
    rows = page.locator(f"#{table} tbody tr")
    return rows.evaluate_all(
        "rows => rows.map(r => [...r.querySelectorAll('data')].map(d => Number(d.value)))"
    )


@pytest.mark.parametrize("part", ["test", "train"])
@pytest.mark.parametrize("step", [0, 100])
@pytest.mark.parametrize("threshold", [0, 0.3, 0.5, 0.64, 1])
def test_the_scores(page_file, open_page, lessons, part, step, threshold):
    p, y = answers(lessons["es"], step, part)
    page = open_page(page_file, f"#step={step}&threshold={threshold}&scored={part}&lang=en")
    answer = p >= threshold
    expected = metrics.confusion_matrix(y, answer, labels=[0, 1])
    assert matrix(page) == expected.tolist()
    assert value(page, "right") == pytest.approx(metrics.accuracy_score(y, answer))
    assert value(page, "found") == pytest.approx(expected[1, 1] / expected[1].sum())
    assert value(page, "spared") == pytest.approx(expected[0, 0] / expected[0].sum())
    assert value(page, "auc") == pytest.approx(metrics.roc_auc_score(y, p), abs=1e-12)
    assert value(page, "mean") == pytest.approx(p.mean(), rel=1e-6)
    assert value(page, "ones") == pytest.approx(y.mean())
    caption = page.locator("#s09-caption").text_content()
    assert f"{np.trace(expected)} of {len(y)} right" in caption
    # Each wrong answer has its ring, each point its place.
    rings = page.locator("#s09-picture path.ring").get_attribute("d") or ""
    assert rings.count("M") == expected[0, 1] + expected[1, 0]
    assert page.locator("#s09-picture .point").count() == len(y)
    said = page.locator("#s09-picture .onpicture").all_text_contents()
    assert {f"wrong: {expected[1, 0]}", f"right: {expected[0, 0]}"} <= set(said)
    assert {f"right: {expected[1, 1]}", f"wrong: {expected[0, 1]}"} <= set(said)


def test_where_the_points_stand(page_file, open_page, lessons):
    p, y = answers(lessons["es"], 100, "test")
    page = open_page(page_file)
    frame = page.locator("#s09-picture rect.frame")
    left, wide = (float(frame.get_attribute(name)) for name in ("x", "width"))
    for kind, name, to in ((0, "circle", "cx"), (1, "rect", "x")):
        shown = page.locator(f"#s09-picture {name}.point").evaluate_all(
            f"all => all.map(e => Number(e.getAttribute('{to}')))"
        )
        found = np.sort((np.array(shown) + (4 if kind else 0) - left) / wide)
        assert found == pytest.approx(np.sort(p[y == kind]), abs=1e-4)
    cut = float(page.locator("#s09-picture line.boundary").get_attribute("x1"))
    assert (cut - left) / wide == pytest.approx(0.5, abs=1e-4)


def test_no_two_marks_on_one_place(page_file, open_page):
    page = open_page(page_file, "#scored=train")
    shown = page.locator("#s09-picture .point").evaluate_all(
        "all => all.map(e => e.getBBox()).map(b => [b.x + b.width / 2, b.y + b.height / 2])"
    )
    places = np.array(shown)
    far = np.linalg.norm(places[:, None] - places[None], axis=2) + 99 * np.eye(len(places))
    assert far.min() > 8


@pytest.mark.parametrize("part", ["test", "train"])
def test_both_curves(page_file, open_page, lessons, part):
    p, y = answers(lessons["es"], 100, part)
    page = open_page(page_file, f"#scored={part}&lang=en")
    page.locator("#s09-scores-table summary").click()
    expect(page.locator("#s09-scores-table tbody tr").first).to_be_visible()
    false, true, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    assert np.array(numbers_in(page, "s09-scores-table")) == pytest.approx(
        np.column_stack([false, true]), abs=1e-12
    )
    page.locator("#s09-view").select_option("calibration")
    scored = Scored(np.log(p / (1 - p)), y.astype(float), np.ones(len(y)), len(y))
    curve = calibration_curve(scored, groups=5, logit=False)
    assert np.array(numbers_in(page, "s09-scores-table")) == pytest.approx(
        np.column_stack([curve.predicted, curve.observed]), rel=1e-6
    )
    assert page.locator("#s09-scores .spot").count() == len(curve.predicted)
    assert "come out high" in page.locator("#s09-scores-said").text_content()
    assert page.locator("#s09-scores circle.now").is_hidden()


def test_the_thresholds_of_the_buttons(page_file, open_page, lessons):
    found = lessons["es"].further.ranking
    page = open_page(page_file)
    total = len(found.y)
    for name, best in (("fair", found.fair), ("cheat", found.best), ("half", found.half)):
        page.locator(f"#s09-{name}").click()
        assert value(page, "right") == pytest.approx(best.right / total)
        shown = float(page.locator("#s09-threshold-box").input_value().replace(",", "."))
        assert shown == pytest.approx(best.value, abs=0.005)


def test_the_numbers_of_the_text(lessons):
    found = lessons["es"].further.ranking
    total, half, best, fair = len(found.y), found.half.right, found.best, found.fair
    for lang, mark in (("es", ","), ("en", ".")):
        text = TABLES[lang]["s09.p1"].replace(mark, ".")
        numbers = [
            float(n.strip(".")) for n in re.findall(r"\d[\d.]*", text) if n.strip(".") != "1"
        ]
        assert set(numbers) == {
            half, total, round(100 * half / total, 1), found.pairs,
            round(found.auc * found.pairs), round(found.auc, 4),
        }  # fmt: skip
        text = TABLES[lang]["s09.p3"].replace(mark, ".")
        numbers = {float(n.strip(".")) for n in re.findall(r"\d[\d.]*", text)}
        assert numbers == {round(best.value, 2), best.right, total, fair.right}


def test_more_steps_mend_the_calibration_and_leave_the_order(page_file, open_page):
    page = open_page(page_file)
    auc, off = value(page, "auc"), abs(value(page, "mean") - value(page, "ones"))
    page.locator("#s09-step").focus()
    page.keyboard.press("End")
    expect(page.locator("#s09-step-shown")).to_have_text("5000")
    assert abs(value(page, "auc") - auc) < 0.005
    assert abs(value(page, "mean") - value(page, "ones")) < off / 2
    assert value(page, "right") > 0.9


def test_every_control_by_keyboard(page_file, open_page):
    page = open_page(page_file)
    page.locator("#s09-title").focus()
    seen = []
    caption = page.locator("#s09-caption")
    for _ in range(20):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.tagName")
        seen.append(name)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if name == "s09-threshold":
            page.keyboard.press("End")
            expect(caption).to_contain_text("umbral 1:")
        if name == "s09-threshold-box":
            page.keyboard.press("Control+A")
            page.keyboard.type("0.64")
            page.keyboard.press("Enter")
            expect(caption).to_contain_text("umbral 0,64: aciertos, 33 de 34")
        if name in ("s09-fair", "s09-cheat", "s09-half"):
            page.keyboard.press("Enter")
        if name == "s09-part":
            page.keyboard.press("ArrowDown")
            expect(caption).to_contain_text("Puntos de entrenamiento")
        if name == "s09-step":
            page.keyboard.press("Home")
            expect(page.locator("#s09-step-shown")).to_have_text("0")
        if name == "s09-view":
            page.keyboard.press("ArrowDown")
            expect(page.locator("#s09-scores .axis").first).to_have_text("p media del grupo")
            break
    assert [name for name in seen if name.startswith("s09-")] == [
        f"s09-{name}"
        for name in ("threshold", "threshold-box", "half", "fair", "cheat", "part", "step", "view")
    ]
    expect(page).to_have_url(re.compile(r"scored=train&scores=calibration"))


def test_the_box_refuses_what_is_no_threshold(page_file, open_page):
    page = open_page(page_file)
    box = page.locator("#s09-threshold-box")
    for wrong in ("1.5", "-0.1", "p", ""):
        box.fill(wrong)
        box.press("Enter")
        expect(box).to_have_attribute("aria-invalid", "true")
        assert "de 0 a 1" in page.locator("#s09-threshold-box-wrong").text_content()
    page.locator("#s09-half").click()
    expect(box).to_have_attribute("aria-invalid", "false")
    assert "umbral 0,5:" in page.locator("#s09-caption").text_content()
    page.locator("#language").select_option("en")
    assert "threshold 0.5:" in page.locator("#s09-caption").text_content()
    assert page.locator("#s09-matrix thead").text_content() == "answer 0answer 1"


def test_the_still_is_what_the_code_draws(page_file, open_page):
    still, live = (open_page(page_file, java_script_enabled=on) for on in (False, True))
    for mark, names in (("circle.point", ("cx", "cy")), ("rect.point", ("x", "y"))):
        shown = []
        for page in (still, live):
            found = page.locator(f"#s09-picture {mark}").evaluate_all(
                f"all => all.map(e => {list(names)}.map(n => Number(e.getAttribute(n))))"
            )
            shown.append(np.array(sorted(found)))
        assert shown[0] == pytest.approx(shown[1], abs=0.02)
    texts = [
        sorted(page.locator("#s09-picture .onpicture").all_text_contents())
        for page in (still, live)
    ]
    assert texts[0] == texts[1]
    rings = live.locator("#s09-picture path.ring").get_attribute("d").count("M")
    assert still.locator("#s09-picture circle.ring").count() == rings


def test_a_test_of_one_class(open_page, tmp_path):
    rng = np.random.default_rng(4)
    turn = np.arange(45) % 3
    y = np.where(turn == 0, 1, rng.integers(0, 2, 45))
    table = pd.DataFrame({"a": rng.normal(size=45) + y, "b": rng.normal(size=45), "y": y})
    record = run_lesson("es", lambda line: None, source=table, x=("a", "b"), y="y")
    page = open_page(write_page(record, tmp_path / "own.html"))
    assert page.locator("#s09-auc").text_content() == "–"
    assert "AUC" not in page.locator("#s09-caption").text_content()
    assert "no hay parejas" in page.locator("#s09-scores-said").text_content()
    assert page.locator("#s09-scores path.curve").get_attribute("d") == ""
    page.locator("#s09-part").select_option("train")
    assert "AUC" in page.locator("#s09-caption").text_content()
