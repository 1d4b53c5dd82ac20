"""The notebook's two languages say the same, in the same places, and its cells are as they were."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from sigmoide.lesson import write_notebook
from sigmoide.lesson.notebook import part_one, part_two, texts_one, texts_two
from sigmoide.lesson.notebook.plan import CODE, TEXTS, Points, make_cells, sections
from sigmoide.lesson.notebook.texts_words import WORDS
from support.notebooks import cells_of

KEPT = Path(__file__).parents[2] / "notebooks"
FILES = {"es": "leccion.ipynb", "en": "lesson.ipynb"}
SLOTS = {"n", "source", "x1", "x2", "target", "zero", "one"}

# All that may be true of the points.
KINDS = [
    Points({}, own=own, optimum=optimum, parts=parts)
    for own in (False, True)
    for optimum in (False, True)
    for parts in (False, True)
]


@pytest.mark.parametrize("lang", FILES)
def test_the_kept_notebooks_are_what_the_generator_gives(lang, tmp_path):
    """If this fails: sigmoide lesson --lang LANG --notebook notebooks/FILE."""
    write_notebook(tmp_path / "n.ipynb", lang)
    assert (KEPT / FILES[lang]).read_bytes() == (tmp_path / "n.ipynb").read_bytes()


@pytest.mark.parametrize("lang", FILES)
def test_they_are_notebooks_without_outputs(lang):
    text = (KEPT / FILES[lang]).read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.sigmoide.lang == lang
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    # As Jupyter itself writes them: saving one unchanged changes nothing.
    assert nbformat.writes(notebook).rstrip("\n") == text.rstrip("\n")


def test_both_languages_have_the_same_cells():
    es, en = (json.loads((KEPT / FILES[lang]).read_text("utf-8"))["cells"] for lang in FILES)
    assert [(c["id"], c["cell_type"]) for c in es] == [(c["id"], c["cell_type"]) for c in en]


NAMES = """
set_seed class_centers samples features Xn yn device X y mask X_train y_train X_test y_test
regressor sigmoid forward binary_cross_entropy loss_backward optimizer_step train learning_rate
training_steps valid_steps weights bias bn_train y_pred loss prediction correct accuracy r t
x_hyperplane y_hyperplane"""


@pytest.mark.parametrize("lang", FILES)
def test_the_first_part_is_the_notebooks_cell_for_cell(lang):
    """Its ten cells of code, and all the names that they give, in their order."""
    code = cells_of(KEPT / FILES[lang], "code")
    first = [*code.values()][: [*code].index("optimum-code")]
    assert len(first) == 10
    given = []
    for cell in first[1:]:
        for node in ast.parse(cell).body:
            if isinstance(node, ast.FunctionDef):
                given.append(node.name)
            elif isinstance(node, ast.Assign):
                stored = (n for n in ast.walk(node) if isinstance(n, ast.Name))
                given += [n.id for n in stored if isinstance(n.ctx, ast.Store)]
    assert list(dict.fromkeys(given)) == NAMES.split()


def test_the_second_part_has_twelve_short_cells_of_code():
    ids = list(cells_of(KEPT / FILES["en"], "code"))
    second = ids[ids.index("optimum-code") :]
    assert [name.removesuffix("-code") for name in second] == list(part_two.CODE)
    assert len(second) == 12
    for name, code in cells_of(KEPT / FILES["en"], "code").items():
        assert len(code.splitlines()) <= 32, name


@pytest.mark.parametrize("lang", FILES)
def test_no_line_of_code_needs_scrolling(lang):
    for name, code in cells_of(KEPT / FILES[lang], "code").items():
        assert max(map(len, code.splitlines())) <= 100, name


@pytest.mark.parametrize(
    ("es", "en"), [(texts_one.ES, texts_one.EN), (texts_two.ES, texts_two.EN), WORDS.values()]
)
def test_both_tables_have_the_same_keys(es, en):
    assert list(es) == list(en)
    assert all(text.strip() for table in (es, en) for text in table.values())


@pytest.mark.parametrize("key", TEXTS["es"])
def test_both_languages_have_the_same_slots_blocks_and_code(key):
    es, en = (TEXTS[lang][key] for lang in FILES)
    slots = [{s for s in re.findall(r"\{(\w+)\}", text) if s in SLOTS} for text in (es, en)]
    assert slots[0] == slots[1]
    shapes = [[re.match(r"[#>-]*", b)[0] for b in text.strip().split("\n\n")] for text in (es, en)]
    assert shapes[0] == shapes[1]
    # The same formulas and the same names, in whatever order.
    for marked in (r"`[a-z_.]+`", r"\$\$[^$]+\$\$|\$[^$]+\$"):
        assert sorted(re.findall(marked, es)) == sorted(re.findall(marked, en))
    assert es.count("**") == en.count("**")


@pytest.mark.parametrize("lang", FILES)
def test_the_learners_names_stand_in_texts_of_the_learners_points_only(lang):
    for key, text in TEXTS[lang].items():
        if set(re.findall(r"\{(\w+)\}", text)) & (SLOTS - {"n"}):
            assert key.startswith("own_"), key


@pytest.mark.parametrize("lang", FILES)
def test_words_are_plain(lang):
    """They stand inside Python strings and f-strings."""
    for key, word in WORDS[lang].items():
        assert not set(word) & set("\"'\\{}«»‹›\n"), key


def test_every_text_code_and_word_is_of_use():
    used = [section for points in KINDS for section in sections(points)]
    assert {text for text, _ in used} == set(TEXTS["es"])
    assert {code for _, code in used} - {None} == set(CODE)
    asked = {word for code in CODE.values() for word in re.findall(r"«(\w+)»", code)}
    assert asked == set(WORDS["es"])
    assert not part_one.CODE.keys() & part_two.CODE.keys()


@pytest.mark.parametrize("lang", FILES)
def test_the_margin_notes_are_there(lang):
    """Where the text and the code of the notebook part."""
    texts = TEXTS[lang]
    mark = {"es": "> **Al margen.**", "en": "> **In the margin.**"}[lang]
    noted = [key for key, text in texts.items() if mark in text]
    assert noted == ["data", "split", "functions", "training"]
    for key, word in (("data", "make_blobs"), ("split", "False"), ("functions", "mini-batch")):
        assert word in texts[key][texts[key].index(mark) :]


def test_the_sections_are_numbered_without_a_gap():
    values = dict.fromkeys(["path", "x", "y", "event", "options", "most", "fewer", "longest"], 0)
    values |= dict.fromkeys(["rates", "turn", "size", "C", "l2", "data"], 0)
    for points in KINDS:
        named = Points(values, dict.fromkeys(SLOTS, "a"), points.own, points.optimum, points.parts)
        text = "\n".join(cell.source for cell in make_cells("en", named))
        numbers = [int(n) for n in re.findall(r"^## (\d+)\. ", text, flags=re.MULTILINE)]
        missing = 4 * (not points.optimum) + (not points.parts)
        assert numbers == list(range(1, 13 - missing))
