"""Where pictures are drawn and kept."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sigmoide.errors import FileError, UsageError
from sigmoide.pictures.canvas import FORMATS, new_figure, save, styled


def picture():
    figure, axes = new_figure(4.0, 3.0)
    with styled():
        axes.plot([1, 2, 3], [1, 4, 2], "o-", label="ñ")
        axes.legend()
        axes.set_title("Título")
    return figure


def test_the_same_picture_is_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        save(picture(), tmp_path / folder, "it")
    for form in FORMATS:
        one, two = ((tmp_path / f / f"it.{form}").read_bytes() for f in ("one", "two"))
        assert one == two


def test_drawing_and_saving_twice_changes_nothing(tmp_path):
    figure = picture()
    first, _ = save(figure, tmp_path / "one", "it")
    second, _ = save(figure, tmp_path / "two", "it")
    assert first.read_bytes() == second.read_bytes()


def test_words_stay_words(tmp_path):
    (path,) = save(picture(), tmp_path, "it", ("svg",))
    assert ">Título<" in path.read_text(encoding="utf-8")


def test_a_png_is_drawn_at_twice_the_size_of_the_screen(tmp_path):
    (path,) = save(picture(), tmp_path, "it", ("png",))
    header = path.read_bytes()[16:24]
    assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (800, 600)


def test_a_format_that_it_does_not_know(tmp_path):
    with pytest.raises(UsageError, match="'pdf'"):
        save(picture(), tmp_path / "new", "it", ("svg", "pdf"))
    assert os.listdir(tmp_path) == []


def test_a_failure_leaves_nothing_half_written(tmp_path, monkeypatch):
    (tmp_path / "it.svg").write_text("old")

    def refuse(source, target):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileError, match="no room"):
        save(picture(), tmp_path, "it")
    assert os.listdir(tmp_path) == ["it.svg"]
    assert (tmp_path / "it.svg").read_text() == "old"


def test_a_readers_own_settings_do_not_matter(tmp_path):
    import matplotlib as mpl

    (plain,) = save(picture(), tmp_path / "one", "it", ("svg",))
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.facecolor": "red"}):
        (other,) = save(picture(), tmp_path / "two", "it", ("svg",))
        assert mpl.rcParams["font.size"] == 30
    assert plain.read_bytes() == other.read_bytes()


def test_importing_it_loads_no_matplotlib_and_drawing_no_pyplot():
    code = (
        "import sys\n"
        "from sigmoide.pictures import canvas\n"
        "print('matplotlib' in sys.modules)\n"
        "canvas.new_figure()\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\nFalse\n"
