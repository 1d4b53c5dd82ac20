"""The page as a whole: what is in it, what it asks of nobody, its two languages, its looks."""

from __future__ import annotations

import gzip
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from sigmoide.errors import DataError, UsageError
from sigmoide.lesson import run_lesson, write_page
from sigmoide.lesson.page.assembly import page_html, script
from sigmoide.lesson.page.payload import MOST_POINTS, payload
from sigmoide.lesson.page.stations import STATIONS
from sigmoide.lesson.page.texts import TABLES
from support.browser import settled
from support.cli_run import refused, run

HOSTILE = "</script><img src=x onerror=alert(1)>"


def test_both_tables_have_the_same_keys_and_values():
    assert TABLES["es"].keys() == TABLES["en"].keys()
    for key, text in TABLES["es"].items():
        other = TABLES["en"][key]
        names = [sorted(set(re.findall(r"\{\w+\}", each))) for each in (text, other)]
        assert names[0] == names[1], key
        for mark in "*`":
            assert text.count(mark) % 2 == other.count(mark) % 2 == 0, key
        if key.endswith(".own"):
            assert key.removesuffix(".own") in TABLES["es"], key


def test_every_text_is_said_somewhere():
    """A key that no file names is nobody's; p1, p2 … are named by their order."""
    root = files("sigmoide.lesson.page")
    code = (
        script()
        + "".join(
            path.read_text("utf-8")
            for name in ("assembly.py", "legend.py", "stations.py", "words.py")
            for path in [root.joinpath(name)]
        )
        + "".join(
            path.read_text("utf-8")
            for path in root.joinpath("stills").iterdir()
            if path.name.endswith(".py")
        )
    )
    for key in TABLES["es"]:
        name = key.removesuffix(".own")
        last = name.split(".")[-1]
        if re.fullmatch(r"s\d\d\.(p\d+|title|still)", name):
            continue
        assert f'"{name}"' in code or f'"{last}"' in code or last.startswith("theme_"), key


def test_the_code_makes_no_markup_and_evaluates_nothing():
    code = script()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "fetch(",
        "XMLHttpRequest",
        "import(",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "cookie",
        "</script",
        "<!--",
    ):
        assert word not in code, word


def test_no_line_of_the_code_is_part_of_a_longer_string():
    """Comments and indentation are left out of the page, line by line."""
    for line in script().splitlines():
        assert line == line.strip()
        assert not line.startswith(("//", "/*", "*"))
        for quote in '`"':
            # A regular expression, or another string, may hold one of them.
            plain = re.sub(r"/\(.*\)/|\"`\"", "", line)
            assert plain.count(quote) % 2 == 0, line


def test_the_size(page_file):
    whole = page_file.read_bytes()
    assert len(whole) <= 300_000
    assert len(gzip.compress(whole)) <= 100_000


def test_it_is_written_whole_in_either_language(lessons, tmp_path):
    for lang in ("es", "en"):
        path = write_page(lessons["es"], tmp_path / f"{lang}.html", lang)
        assert f'<html lang="{lang}">' in path.read_text("utf-8")
        assert path.read_text("utf-8") == page_html(payload(lessons["en"]), lang)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["en.html", "es.html"]
    with pytest.raises(UsageError, match="lang='fr' was given; the page speaks es and en"):
        write_page(lessons["es"], tmp_path / "fr.html", "fr")


def test_the_language_without_a_reload(page_file, open_page):
    page = open_page(page_file)
    page.evaluate("window.here = true")
    caption = page.locator("#s05-caption")
    assert "0,5114" in caption.text_content()
    spanish = page.locator("body").inner_text()
    page.locator("#language").select_option("en")
    settled(page)
    assert (
        "After 100 steps at learning rate 0.05, the training loss is 0.5114"
        in caption.text_content()
    )
    assert page.evaluate("[document.documentElement.lang, window.here, document.title]") == [
        "en",
        True,
        TABLES["en"]["page_title"],
    ]
    english = page.locator("body").inner_text()
    for station in STATIONS:
        for key in (f"{station.id}.title", f"{station.id}.p1"):
            for lang, shown in (("es", spanish), ("en", english)):
                plain = re.sub(r"[*`]", "", TABLES[lang][key])
                assert plain in shown
    page.locator("#language").select_option("es")
    settled(page)
    assert page.locator("body").inner_text() == spanish
    # and what Python wrote in English is what the code says in English
    assert "casi vertical" in caption.text_content()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_about_by_keyboard(page_file, open_page, width):
    page = open_page(page_file, viewport={"width": width, "height": 800})
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == f"{STATIONS[0].id}-title"
    for station in STATIONS:
        link = page.locator(f'nav a[href="#{station.id}"]')
        link.focus()
        expect(link).to_have_css("outline-style", "solid")
        # its name is there to be read while it is pointed at or in focus
        name = link.locator("span").last
        expect(name).to_have_text(TABLES["es"][f"{station.id}.title"])
        assert name.bounding_box()["width"] > 40
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == f"{station.id}-title"
        heading = page.locator(f"#{station.id}-title").bounding_box()
        nav = page.locator("nav").bounding_box()
        assert nav["y"] >= 0
        assert heading["y"] > nav["y"] + nav["height"]
        expect(page.locator("nav [aria-current]")).to_have_count(1)
        expect(link).to_have_attribute("aria-current", "location")
    if width == 1280:
        for lang in ("es", "en"):
            page.locator("#language").select_option(lang)
            expect(page.locator("#here")).to_have_text(TABLES[lang][f"{STATIONS[-1].id}.title"])


def test_the_state_is_in_the_hash(page_file, open_page):
    page = open_page(page_file)
    assert "#" not in page.url
    page.locator("#s05-rate").select_option("0.5")
    page.locator("#s05-plus10").click()
    page.locator("#language").select_option("en")
    page.locator("#theme").select_option("dark")
    expect(page).to_have_url(re.compile("#"))
    page.wait_for_timeout(300)
    there = page.url.split("#")[1]
    assert set(there.split("&")) == {"lang=en", "theme=dark", "step=110", "rate=0.5"}
    caption = page.locator("#s05-caption").text_content()
    again = open_page(page_file, f"#{there}")
    assert again.locator("#s05-caption").text_content() == caption
    assert again.locator("#theme").input_value() == "dark"
    for nonsense in ("step=-1&rate=0&lang=xx&nothing=1&theme=", "step=1e9", "%", "rate=NaN"):
        odd = open_page(page_file, f"#{nonsense}")
        assert (
            "Tras 100 pasos con tasa de aprendizaje 0,05"
            in odd.locator("#s05-caption").text_content()
        )


# Of the rows of a table that look the same, to the last element in them, one is enough.
ONE_ROW_OF_EACH_LOOK = """() => {
  const seen = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize",
    "fontWeight", "textShadow", "display", "visibility"];
  const looks = (row) => [row, ...row.querySelectorAll("*")].map((element) => {
    const style = getComputedStyle(element);
    return [element.tagName, ...seen.map((name) => style[name])].join(" ");
  }).join(";");
  let hidden = 0;
  for (const body of document.querySelectorAll("tbody")) {
    const known = new Set();
    for (const row of body.rows) {
      const look = looks(row);
      if (known.has(look)) {
        row.style.display = "none";
        hidden += 1;
      }
      known.add(look);
    }
  }
  return hidden;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page_file, open_page, lang, scheme):
    page = open_page(page_file, f"#lang={lang}", color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    violations = []
    # Contrast takes ten times as long as all the rest.
    for contrast in (False, True):
        options = {"rules": {"color-contrast": {"enabled": False}}}
        if contrast:
            assert page.evaluate(ONE_ROW_OF_EACH_LOOK) > 100
            options = {"runOnly": ["color-contrast"]}
        report = Axe().run(page, options={"resultTypes": ["violations"], **options})
        violations += report.response["violations"]
    assert [v["id"] for v in violations if v["impact"] in ("serious", "critical")] == []


def test_dark_by_the_system_or_by_hand(page_file, open_page):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = open_page(page_file, color_scheme="light")
    dark = open_page(page_file, color_scheme="dark")
    bright, dim = light.evaluate(ground), dark.evaluate(ground)
    assert bright != dim
    light.locator("#theme").select_option("dark")
    dark.locator("#theme").select_option("light")
    assert [light.evaluate(ground), dark.evaluate(ground)] == [dim, bright]
    surface = "document.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1).data[0]"
    assert dark.evaluate(surface) > 128 > light.evaluate(surface)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_nothing_is_wider_than_the_window(page_file, open_page, width, javascript):
    page = open_page(
        page_file, viewport={"width": width, "height": 800}, java_script_enabled=javascript
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_javascript_it_reads(page_file, open_page):
    page = open_page(page_file, java_script_enabled=False)
    shown = page.locator("main").inner_text()
    for station in STATIONS:
        assert TABLES["es"][f"{station.id}.title"] in shown
        picture = page.locator(f"#{station.id}-picture svg")
        expect(picture).to_be_visible()
        assert picture.get_attribute("aria-label") == TABLES["es"][f"{station.id}.still"]
    assert page.locator("#s05-picture .point").count() == 100
    expect(page.get_by_text("Sin JavaScript los dibujos no se mueven")).to_be_visible()
    assert page.locator("button, input, select").count() == 0


def test_the_still_is_what_the_code_draws(page_file, open_page):
    """Lines and points of the default state, by Python and by the page's own code."""
    took = """root => [...root.querySelectorAll('.point, line')].map(e => [e.getAttribute('class'),
        ...['x', 'y', 'cx', 'cy', 'x1', 'y1', 'x2', 'y2'].map(k => Number(e.getAttribute(k)))])"""
    found = []
    for javascript in (False, True):
        page = open_page(page_file, java_script_enabled=javascript)
        marks = page.locator("#s05-picture").evaluate(took)
        for mark in marks:
            if mark[1:5] == [0, 0, 0, 0] and mark[5:7] > mark[7:9]:
                mark[5:7], mark[7:9] = mark[7:9], mark[5:7]
        found.append(sorted(marks))
    assert len(found[0]) == 103
    for still, live in zip(*found, strict=True):
        assert still[0] == live[0]
        assert still[1:] == pytest.approx(live[1:], abs=0.02)


def test_what_is_told_when_it_stands_still(page_file, open_page):
    page = open_page(page_file)
    live = page.locator("#live")
    assert live.text_content() == ""
    page.locator("#s05-plus1").click()
    expect(live).to_have_text(re.compile("^Tras 101 pasos"))
    page.locator("#s05-restart").click()
    page.locator("#s05-play").click()
    page.wait_for_timeout(900)
    assert live.text_content().startswith("Tras 101 pasos")
    page.locator("#s05-play").click()
    expect(live).to_have_text(page.locator("#s05-caption").text_content())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2)) + 1
    classes = np.where(X.sum(axis=1) + rng.normal(size=60) > 2, HOSTILE, 'it\'s \u2028 "fine" &lt;')
    names = (f"a{HOSTILE}", "*b* `c` {step}")
    table = pd.DataFrame({names[0]: X[:, 0], names[1]: X[:, 1], f"y{HOSTILE}": classes})
    record = run_lesson("en", lambda line: None, source=table, x=names, y=f"y{HOSTILE}")
    return write_page(record, folder / "hostile.html")


@pytest.mark.parametrize("javascript", [True, False])
def test_hostile_names_come_out_as_text(hostile, open_page, javascript):
    page = open_page(hostile, java_script_enabled=javascript)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    shown = page.locator("#s05").text_content()
    assert HOSTILE[:14] in shown
    assert "*b* `c` {step}" in page.locator("#s05-picture svg").text_content()
    if javascript:
        page.locator("#s05-table summary").click()
        expect(page.locator("#s05-table")).to_contain_text(HOSTILE)
        assert page.locator("img").count() == 0
        page.locator("#s05-program summary").click()
        program = page.locator("#s05-code")
        expect(program).to_have_value(re.compile(r"X = np\.column_stack"))
        assert "make_blobs" not in program.input_value()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_of_ones_own(open_page, tmp_path, javascript):
    table = Path(__file__).parents[1] / "references" / "birthwt.csv"
    record = run_lesson("en", lambda line: None, source=table, x=("age", "lwt"), y="low")
    page = open_page(write_page(record, tmp_path / "b.html"), java_script_enabled=javascript)
    assert page.locator("#s05-picture .point").count() == 189
    axes = page.locator("#s05-picture .axis").all_text_contents()
    assert axes == [f"{name}, in standard deviations from its mean" for name in ("age", "lwt")]
    assert page.locator(".legend li").all_text_contents()[:2] == ["low = 0", "low = 1"]
    assert "Your points" in page.locator(".lede").text_content()
    if javascript:
        shown = [float(page.locator(f"#s05-{n}").get_attribute("value")) for n in ("w1", "w2", "b")]
        assert shown == pytest.approx(record.path[-1], abs=1e-6)


def test_too_many_points(tmp_path, monkeypatch, lessons):
    monkeypatch.setattr("sigmoide.lesson.page.payload.MOST_POINTS", 99)
    with pytest.raises(DataError, match="100 rows are too many for the page"):
        write_page(lessons["es"], tmp_path / "page.html")
    assert MOST_POINTS == 2_000
    assert list(tmp_path.iterdir()) == []


def test_the_command(tmp_path, lessons):
    page = tmp_path / "lesson.html"
    done = run("lesson", "--lang", "en", "--html", page)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == f"page written to {page}\n"
    assert page.read_text("utf-8") == page_html(payload(lessons["en"]), "en")
    nowhere = tmp_path / "none" / "lesson.html"
    refused(run("lesson", "--html", nowhere), 3, "no folder", "Make it")
    table = Path(__file__).parents[1] / "references" / "birthwt.csv"
    held = table.read_bytes()
    own = ("lesson", "--data", table, "--x", "age,lwt", "--y", "low", "--html", table)
    refused(run(*own), 2, "--html", "is the file that is read")
    assert table.read_bytes() == held
