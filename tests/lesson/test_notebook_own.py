"""The notebook on a file of the learner's: what is in it stays what it is, and errors say why."""

from __future__ import annotations

import ast
import csv
import errno
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from sigmoide import ReadOptions
from sigmoide.errors import ColumnError, FileError, UsageError
from sigmoide.lesson import write_notebook
from sigmoide.lesson.notebook.cells import Expression, as_letters, filled_code, filled_text
from sigmoide.lesson.notebook.own import seen_from
from support.cli_run import contents, refused, run
from support.notebooks import cells_of, run_cells

BIRTHWT = Path(__file__).parents[1] / "references" / "birthwt.csv"
OWN = ("--data", BIRTHWT, "--x", "age,lwt", "--y", "low")

IMG = "</script><img src=x onerror=alert(1)>"
BREAK = '"""); import os; os.mkdir("hacked") #\n`$x^2$` **b** {zero} ‹path› «gap» \\'
TARGET = "low' + os.mkdir('hacked') + '[l](javascript:x) ~"
NO, YES = "no </script>\x1b[31m\u202e", "<b>yes</b> $\\alpha$ | ` https://example.org {x1}"


@pytest.fixture
def hostile(tmp_path):
    """A file in which everything that has a name wants to be something else."""
    place = tmp_path / "hos'tile \"; $x$ <i> {one} ‹y›.csv"
    frame = pd.read_csv(BIRTHWT)
    with place.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow((IMG, BREAK, TARGET))
        for age, lwt, low in zip(frame.age, frame.lwt, frame.low, strict=True):
            writer.writerow((age / 10, lwt / 100, YES if low else NO))
    return place


@pytest.fixture(params=["es", "en"])
def notebook(request, hostile, tmp_path):
    path = tmp_path / "n.ipynb"
    write_notebook(path, request.param, source=hostile, x=(IMG, BREAK), y=TARGET, event=NO)
    return path


def test_names_come_into_the_code_as_literals(notebook, hostile):
    code = cells_of(notebook, "code")["own-data-code"]
    call = next(
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "own_data"
    )
    assert ast.literal_eval(call.args[0]) == hostile.name
    given = {each.arg: each.value for each in call.keywords}
    assert ast.literal_eval(given["x"]) == [IMG, BREAK]
    assert ast.literal_eval(given["y"]) == TARGET
    assert ast.literal_eval(given["event"]) == NO
    # Nothing that could steer a terminal, or turn the reading direction, is written as it is.
    assert code.isascii() or all(c.isprintable() or c == "\n" for c in code)


def test_names_stay_out_of_all_other_code(notebook):
    for name, code in cells_of(notebook, "code").items():
        if name != "own-data-code":
            assert not re.search("hacked|onerror|javascript|script", code), name


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not {name for name, _ in attrs} & {"onerror", "href", "src"}

    def handle_data(self, data):
        self.text += data


def test_names_are_letters_in_the_prose(notebook, hostile):
    """Rendered with HTML allowed: only our own marks are marks."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    for name, text in cells_of(notebook, "markdown").items():
        page = Page()
        page.feed(markdown.render(text))
        assert page.tags <= {
            "h1",
            "h2",
            "p",
            "em",
            "strong",
            "code",
            "hr",
            "blockquote",
            "ul",
            "li",
        }
        if name == "own-opening-text":
            # One of them is cut at 40 letters.
            for shown in (IMG, '"""); import os; os.mkdir("hacked") #', TARGET.split(" ~")[0][:30]):
                assert shown in page.text
            assert "no </script>\\x1b[31m\\u202e" in page.text
            assert "<b>yes</b> $\\alpha$ | ` https://example" in page.text
            assert "\x1b" not in text
            assert "$" not in text


def test_the_hostile_file_is_read_and_nothing_of_it_is_run(notebook, tmp_path):
    found = run_cells(notebook, first_part=True)
    assert found["own-data-code"].startswith("Xn.shape = (189, 2)\n")
    assert not (tmp_path / "hacked").exists()


@pytest.mark.slow
def test_the_hostile_notebook_from_start_to_end(notebook, tmp_path):
    found = run_cells(notebook)
    assert found["model-code"].splitlines()[2].endswith("True")
    assert not (tmp_path / "hacked").exists()


@pytest.mark.slow
def test_all_columns_of_numbers_on_their_two_directions(tmp_path):
    """Without ``x``: seven columns besides the target, seen on two principal directions."""
    path = tmp_path / "n.ipynb"
    write_notebook(path, "en", source=BIRTHWT, y="low")
    found = run_cells(path)
    assert found["own-data-code"].startswith("Xn.shape = (189, 2)\n")
    assert found["model-code"].splitlines()[2].endswith("True")


@pytest.mark.parametrize("name", ["# a", "- a", "1. a", "a\n\n# b", "&lt;", "a~b", "$a$", "[a](b)"])
def test_a_name_is_shown_as_it_is(name):
    page = Page()
    page.feed(MarkdownIt("commonmark", {"html": True}).render(as_letters(name)))
    assert page.tags == {"p"}
    assert page.text.strip() == " ".join(name.split())


def test_what_is_filled_in_is_not_filled_again():
    code = "f(‹a›, '«w»', ‹b›, ‹c›, ‹d›)"
    values = {"a": "‹b› «w»", "b": Expression("g()"), "c": 250_000, "d": None}
    assert filled_code(code, {"w": "word"}, values) == "f('‹b› «w»', 'word', g(), 250_000, None)"
    assert filled_text("{x}~{y} {z} $e^{-1}$", {"x": "{y}", "y": "b"}) == (
        "&#123;y&#125;\N{NO-BREAK SPACE}b {z} $e^{-1}$"
    )


def test_the_file_as_seen_from_the_notebook(tmp_path):
    (tmp_path / "a").mkdir()
    assert seen_from(tmp_path, tmp_path / "a" / "f.csv") == "a/f.csv"
    assert seen_from(tmp_path / "a", tmp_path / "f.csv") == "../f.csv"


def test_on_another_drive_it_is_the_whole_path(tmp_path, monkeypatch):
    def refuse(*places):
        raise ValueError("path is on mount 'D:'")

    monkeypatch.setattr(os.path, "relpath", refuse)
    assert seen_from(tmp_path, tmp_path / "f.csv") == (tmp_path / "f.csv").resolve().as_posix()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_command(lang, tmp_path):
    done = run("lesson", "--lang", lang, "--notebook", tmp_path / "n.ipynb")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"notebook written to {tmp_path / 'n.ipynb'}\n"
    write_notebook(tmp_path / "m.ipynb", lang)
    assert (tmp_path / "n.ipynb").read_bytes() == (tmp_path / "m.ipynb").read_bytes()


def test_the_command_on_ones_own_file(tmp_path):
    frame = pd.read_csv(BIRTHWT)[["age", "lwt", "low"]]
    (tmp_path / "f.csv").write_text(
        frame.to_csv(sep="\t", decimal=",", index=False), encoding="utf-16"
    )
    options = ("--delimiter", "\\t", "--decimal", ",", "--encoding", "utf-16", "--event", "0")
    command = ("lesson", "--data", tmp_path / "f.csv", *OWN[2:], *options)
    done = run(*command, "--notebook", tmp_path / "n.ipynb")
    assert done.exit_code == 0, done.stderr
    options = ReadOptions("utf-16", "\t", ",")
    write_notebook(
        tmp_path / "m.ipynb",
        source=str(tmp_path / "f.csv"),
        x=["age", "lwt"],
        y="low",
        event="0",
        options=options,
    )
    assert (tmp_path / "n.ipynb").read_bytes() == (tmp_path / "m.ipynb").read_bytes()
    code = cells_of(tmp_path / "n.ipynb", "code")["own-data-code"]
    assert "ReadOptions(encoding='utf-16', delimiter='\\t', decimal=',')," in code
    assert "event='0'," in code
    found = run_cells(tmp_path / "n.ipynb", first_part=True)
    assert found["own-split-code"].startswith("X_train.shape = torch.Size([126, 2])\n")


def test_with_the_folder_of_the_lesson_too(lessons, tmp_path):
    done = run("lesson", "--notebook", tmp_path / "n.ipynb", "--out", tmp_path / "o")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == lessons["es"].transcript
    assert set(contents(tmp_path)) == {
        "n.ipynb",
        "o/lesson.txt",
        "o/data.csv",
        "o/trajectory.csv",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--x", "age,lwt", "--y", "low"), 2, ["needs two things"]),
        (("--data", BIRTHWT, "--x", "age", "--y", "low"), 2, ["two different columns"]),
        (("--data", BIRTHWT, "--x", "age,race", "--y", "low"), 3, ["'race' holds text values"]),
        (("--data", BIRTHWT, "--x", "age,wt", "--y", "low"), 3, ["no column 'wt'", "'lwt'"]),
        (("--data", "nowhere.csv", *OWN[2:]), 3, ["nowhere.csv: there is no such file"]),
        ((*OWN, "--event", "2"), 3, ["the event '2'"]),
    ],
)
def test_refused_with_nothing_written(arguments, code, words, tmp_path):
    refused(run("lesson", *arguments, "--notebook", tmp_path / "n.ipynb"), code, *words)
    assert contents(tmp_path) == {}


def test_places_that_cannot_be_written_to(tmp_path):
    place = tmp_path / "none" / "n.ipynb"
    refused(run("lesson", "--notebook", place), 3, f"{place}: the file cannot be written", "Make")
    refused(run("lesson", "--notebook", tmp_path), 3, "this is a folder", "Name a file")
    with pytest.raises(FileError, match="there is no folder"):
        write_notebook(place)


def test_not_over_the_data(tmp_path):
    place = tmp_path / "f.csv"
    place.write_bytes(BIRTHWT.read_bytes())
    done = run("lesson", "--data", place, *OWN[2:], "--notebook", place)
    refused(done, 2, f"--notebook {place} is the file that is read")
    assert place.read_bytes() == BIRTHWT.read_bytes()
    with pytest.raises(UsageError, match="would be lost"):
        write_notebook(place, source=place, x=("age", "lwt"), y="low")


def test_data_that_cannot_be_read_again(tmp_path):
    frame = pd.read_csv(BIRTHWT)
    with pytest.raises(UsageError, match=r"DataFrame.*Save the data, and name the file"):
        write_notebook(tmp_path / "n.ipynb", source=frame, x=("age", "lwt"), y="low")
    with pytest.raises(UsageError, match=r"lang='fr'.*'es', 'en'"):
        write_notebook(tmp_path / "n.ipynb", "fr")
    with pytest.raises(ColumnError, match="no column 'wt'"):
        write_notebook(tmp_path / "n.ipynb", source=BIRTHWT, x=("age", "wt"), y="low")
    assert contents(tmp_path) == {}


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "n.ipynb").write_text("old")

    def refuse(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    done = run("lesson", "--notebook", tmp_path / "n.ipynb")
    refused(done, 3, "No space left on device", "Nothing of it was written")
    assert contents(tmp_path) == {"n.ipynb": b"old"}


def test_it_is_written_without_torch(tmp_path):
    script = (
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "from sigmoide.lesson import write_notebook\n"
        f"write_notebook({str(tmp_path / 'n.ipynb')!r}, 'en')\n"
        f"write_notebook({str(tmp_path / 'o.ipynb')!r}, 'en', source={str(BIRTHWT)!r},\n"
        "               x=['age', 'lwt'], y='low')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(contents(tmp_path)) == {"n.ipynb", "o.ipynb"}
