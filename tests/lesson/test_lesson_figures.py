"""The pictures: in the lesson's language, legible, and the same bytes twice."""

from __future__ import annotations

import itertools
import os
import re

import numpy as np
import pytest

from sigmoide.errors import UsageError
from sigmoide.lesson import write_figures
from sigmoide.lesson.figures import PICTURES, draw, pictures_of
from sigmoide.lesson.texts import EN, ES
from sigmoide.pictures.canvas import PALETTE, styled

NAMES = pytest.mark.parametrize("name", PICTURES)
LANGUAGES = pytest.mark.parametrize("lang", ["es", "en"])


@pytest.fixture(scope="module")
def drawn(lessons):
    """Each picture, and all that is on it where it belongs."""
    figures = {
        (lang, name): draw(lessons[lang], name) for lang in ("es", "en") for name in PICTURES
    }
    with styled():
        for figure in figures.values():
            figure.canvas.draw()
    return figures


@pytest.fixture(scope="module")
def written(lessons, tmp_path_factory):
    """The files of the pictures, by language."""
    return {
        lang: write_figures(lessons[lang], tmp_path_factory.mktemp(lang), formats=("svg",))
        for lang in ("es", "en")
    }


def test_the_same_lesson_is_the_same_bytes_twice(lessons, written, tmp_path):
    first = written["es"]
    second = write_figures(lessons["es"], tmp_path, formats=("svg",))
    assert [path.name for path in first] == [f"{name}.svg" for name in PICTURES]
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_a_png_and_an_svg_of_each(lessons, tmp_path, monkeypatch):
    monkeypatch.setattr("sigmoide.lesson.figures.pictures_of", lambda record: ("loss",))
    written = write_figures(lessons["en"], str(tmp_path), "en")
    assert [path.name for path in written] == sorted(os.listdir(tmp_path), reverse=True)
    assert written[1].read_bytes().startswith(b"\x89PNG")
    svg = written[0].read_text(encoding="utf-8")
    assert "<dc:date>" not in svg
    assert "The loss, step by step" in svg


@LANGUAGES
@NAMES
def test_axes_are_named_and_titles_short(drawn, lang, name):
    axes = drawn[lang, name].axes[0]
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert 0 < len(axes.get_title(loc="left")) <= 50


@LANGUAGES
@NAMES
def test_nothing_is_cut(drawn, lang, name):
    """All that is drawn lies on the sheet."""
    figure = drawn[lang, name]
    with styled():
        box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= width + 0.01
    assert box.y1 <= height + 0.01
    assert width == 6.4


@LANGUAGES
@NAMES
def test_no_two_ticks_overlap(drawn, lang, name):
    figure = drawn[lang, name]
    with styled():
        axes = figure.axes[0]
        low, high = sorted(axes.get_xlim())
        boxes = [
            tick.label1.get_window_extent()
            for tick in axes.xaxis.get_major_ticks()
            if low <= tick.get_loc() <= high and tick.label1.get_text()
        ]
    boxes.sort(key=lambda box: box.x0)
    assert len(boxes) >= 3
    assert all(one.x1 < two.x0 for one, two in itertools.pairwise(boxes))


@NAMES
def test_decimals_are_in_the_pictures_language(written, name):
    for lang, wrong in (("es", r">[^<]*\d\.\d"), ("en", r">[^<]*\d,\d(?!\d\d)")):
        (path,) = (path for path in written[lang] if path.stem == name)
        texts = re.findall(r"<text[^>]*>[^<]*", path.read_text("utf-8"))
        assert texts
        assert not [text for text in texts if re.search(wrong, text)]


@NAMES
def test_marks_stand_out_from_white(drawn, name):
    """WCAG: a contrast of 3:1 or more for every line and mark."""
    from matplotlib.colors import to_rgb

    for line in drawn["es", name].axes[0].lines:
        assert line.get_alpha() in (None, 1)
        assert contrast(to_rgb(line.get_color())) >= 3
        assert contrast(to_rgb(line.get_markeredgecolor())) >= 3


def test_the_palette_stands_out_from_white():
    from matplotlib.colors import to_rgb

    assert min(contrast(to_rgb(colour)) for colour in PALETTE.values()) >= 3


def contrast(rgb: tuple[float, float, float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 1.05 / (float(np.dot([0.2126, 0.7152, 0.0722], linear)) + 0.05)


def test_lines_differ_in_more_than_colour(drawn):
    for (_, name), figure in drawn.items():
        looks = [
            (line.get_linestyle(), line.get_marker(), line.get_markerfacecolor() == "white")
            for line in figure.axes[0].lines
            if not str(line.get_label()).startswith("_")
        ]
        if name != "boundaries":
            assert len(set(looks)) == len(looks), name


def test_the_boundary_stays_in_the_frame(drawn):
    for name in ("boundary", "boundaries"):
        axes = drawn["es", name].axes[0]
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        for line in axes.lines:
            x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
            assert np.all((left <= x) & (x <= right))
            assert np.all((low <= y) & (y <= high))


def test_the_vertical_boundary_is_vertical(drawn):
    axes = drawn["es", "boundaries"].axes[0]
    vertical = [line for line in axes.lines if str(line.get_label()).startswith("vertical")]
    assert len(vertical) == 1
    x = np.asarray(vertical[0].get_xdata())
    assert x[0] == pytest.approx(x[1], abs=1e-12)


def test_early_stopping_marks_the_best_step_and_the_stop(drawn):
    labels = drawn["es", "early-stopping"].axes[0].get_legend_handles_labels()[1]
    assert labels == ["entrenamiento", "validación", "mejor paso: 528", "parada: 538"]


def test_a_lesson_without_an_optimum_has_fewer_pictures(lessons):
    from dataclasses import replace

    record = replace(lessons["es"], distances=(), further=replace(lessons["es"].further, way=None))
    assert pictures_of(record) == tuple(
        name
        for name in PICTURES
        if name not in ("loss", "way", "learning-rates", "float32", "newton")
    )


def test_another_language_or_format_is_refused(lessons, tmp_path):
    with pytest.raises(UsageError, match="'fr'"):
        write_figures(lessons["es"], tmp_path, "fr")
    with pytest.raises(UsageError, match="'pdf'"):
        write_figures(lessons["es"], tmp_path, formats=("pdf",))
    assert os.listdir(tmp_path) == []


def test_both_languages_have_the_same_words():
    keys = {key for key in ES if key.startswith("fig_")}
    assert keys == {key for key in EN if key.startswith("fig_")}
    assert len(keys) > 30


def test_matplotlib_is_left_as_it_was(lessons):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw(lessons["es"], "loss")
    assert dict(mpl.rcParams) == before
