"""The notebooks run from start to end, and print what the lesson knows."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbclient
import nbformat
import pytest

import sigmoide
from sigmoide.errors import AliasedWarning, SeparationWarning
from sigmoide.lesson import write_notebook
from support.notebooks import cells_of, part_one, run_cells

KEPT = Path(__file__).parents[2] / "notebooks"
FILES = {"es": "leccion.ipynb", "en": "lesson.ipynb"}
REFERENCES = Path(__file__).parents[1] / "references"


@pytest.fixture(scope="module")
def printed():
    """What the cells of the notebook printed, by language."""
    return {lang: run_cells(KEPT / name) for lang, name in FILES.items()}


@pytest.mark.parametrize("lang", FILES)
def test_the_first_part_prints_what_the_notebook_prints(printed, reference, lang):
    expected = (reference / "seed_stdout.txt").read_text(encoding="utf-8")
    found = part_one(printed[lang])
    assert found.rstrip("\n") == expected.rstrip("\n")


def test_the_second_part_finds_what_the_lesson_finds(printed, lessons):
    """The lesson's own numbers are held against references elsewhere."""
    found, record = printed["en"], lessons["en"]
    way, stopping = record.further.way, record.further.stopping
    slow = way.walks[0]
    assert f"below 0.001: {slow.to_gap[1e-3]:,}" in found["way-code"]
    assert f"below 1e-06: {slow.to_gap[1e-6]:,}" in found["way-code"]
    assert f"over the least: {way.condition:,.0f}" in found["way-code"]
    for walk in way.walks:
        loose, tight = (
            "> 20,000" if walk.to_gap[gap] is None else f"{walk.to_gap[gap]:,}"
            for gap in (1e-3, 1e-6)
        )
        line = rf"^ *{walk.rate} +1e-3: +{loose} +1e-6: +{tight}$"
        assert re.search(line, found["rates-code"], flags=re.MULTILINE)
    assert f"frozen at step: {way.freezing.step}\n" in found["freezing-code"]
    assert f"with the brake: {way.newton.steps} jumps" in found["newton-code"]
    assert f"without: {way.unbraked.steps} jumps" in found["newton-code"]
    assert f"step: {stopping.stop}, best step: {stopping.best}" in found["stopping-code"]
    batches = record.further.batches
    assert f"{batches.ups} / {len(batches.losses) - 1}" in found["batches-code"]
    assert str(list(record.further.crossings)) in found["vertical-code"]
    assert f"AUC: {record.further.ranking.auc:.4f}" in found["ranking-code"]
    assert found["finite-code"].count("nan") == 2


def test_it_ends_with_both_models_and_their_proofs(printed, lessons):
    found, record = printed["en"], lessons["en"]
    by_hand, library = found["model-code"].splitlines()[1:]
    assert by_hand.startswith("by hand")
    assert by_hand.endswith("False")
    assert library.startswith("library")
    assert library.endswith("True")
    assert f"{record.further.model.certificate.delta:.2g} " in by_hand
    assert f"{record.final_train_loss:.5f}" in by_hand
    assert f"{record.optimum.loss:.5f}" in library
    assert "proved: every coefficient within" in found["library-code"]
    assert "proved: True" in found["optimum-code"]


def test_both_languages_compute_the_same(printed):
    numbers = [
        {name: re.findall(r"-?\d+(?:[.,]\d+)*", text) for name, text in found.items()}
        for found in printed.values()
    ]
    # The summary says how long its fit took.
    for found in numbers:
        del found["library-code"]
    assert numbers[0] == numbers[1]


@pytest.mark.slow
def test_on_a_file_of_ones_own(tmp_path):
    (tmp_path / "data").mkdir()
    place = tmp_path / "data" / "birthwt.csv"
    place.write_bytes((REFERENCES / "birthwt.csv").read_bytes())
    write_notebook(tmp_path / "own.ipynb", "es", source=place, x=("age", "lwt"), y="low")
    assert "'data/birthwt.csv'," in cells_of(tmp_path / "own.ipynb", "code")["own-data-code"]
    # Seen from the notebook: both may be moved together.
    (tmp_path / "own.ipynb").rename((tmp_path / "moved").mkdir() or tmp_path / "moved/own.ipynb")
    (tmp_path / "data").rename(tmp_path / "moved" / "data")
    found = run_cells(tmp_path / "moved" / "own.ipynb")
    limit = float(found["rates-code"].splitlines()[0].split()[-1])
    *settling, restless = found["rates-code"].splitlines()[1:]
    assert [float(line.split()[0]) < limit for line in settling] == [True] * 3
    assert float(restless.split()[0]) > limit
    assert [line.count("> 20,000") for line in (*settling, restless)] == [0, 0, 0, 2]
    assert found["own-data-code"].startswith("Xn.shape = (189, 2)\n")
    assert found["own-split-code"].startswith("X_train.shape = torch.Size([126, 2])\n")
    assert found["model-code"].splitlines()[2].endswith("True")


def table(path: Path, rows: list[tuple[object, ...]]) -> Path:
    text = "\n".join(",".join(map(str, row)) for row in [("a", "b", "c"), *rows])
    path.write_text(text + "\n", encoding="utf-8")
    return path


GRID = [(a, b) for a in range(-4, 4) for b in range(-3, 4)]
SEPARATED = [(a, b, int(a + b / 2 > 0.2)) for a, b in GRID]
ALIASED = [(a, 2 * a + 1, (a * b + a) % 2) for a, b in GRID]
FEW = [(a, b, int(k in (1, 4, 7, 10))) for k, (a, b) in enumerate(GRID[::5])]
WAY = {"way-code", "rates-code", "freezing-code", "newton-code"}


@pytest.mark.parametrize(
    ("rows", "warning"), [(SEPARATED, SeparationWarning), (ALIASED, AliasedWarning)]
)
def test_without_an_optimum_it_asks_only_what_has_an_answer(rows, warning, tmp_path):
    source = table(tmp_path / "t.csv", rows)
    write_notebook(tmp_path / "n.ipynb", "en", source=source, x=("a", "b"), y="c")
    with pytest.warns(warning):
        found = run_cells(tmp_path / "n.ipynb")
    assert not WAY & set(found)
    assert "no-optimum-code" in found
    by_hand, library = found["no-optimum-model-code"].splitlines()[1:]
    assert by_hand.endswith("False")
    assert library.endswith("True")


def test_too_few_rows_for_three_subsets(tmp_path):
    source = table(tmp_path / "t.csv", FEW)
    write_notebook(tmp_path / "n.ipynb", "en", source=source, x=("a", "b"), y="c")
    assert "stopping-code" not in run_cells(tmp_path / "n.ipynb")
    assert "no-stopping-text" in cells_of(tmp_path / "n.ipynb", "markdown")


# Of 189 rows, and of 10,000.
OWN = {
    "birthwt.csv": (("age", "lwt"), "low"),
    "default.csv": (("balance", "income"), "default"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FILES.values(), *OWN])
def test_in_a_kernel(name, reference, tmp_path, monkeypatch):
    path = KEPT / name
    if name in OWN:
        path = tmp_path / "own.ipynb"
        x, y = OWN[name]
        write_notebook(path, "en", source=REFERENCES / name, x=x, y=y)
    monkeypatch.setenv("PYTHONPATH", str(Path(sigmoide.__file__).parents[1]))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    )
    client.execute()
    assert set(os.listdir(tmp_path)) <= {"ipython", "own.ipynb"}
    texts = {
        cell.id: "".join(out.text for out in cell.outputs if out.output_type == "stream")
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    assert texts["install-code"] == ""
    if name not in OWN:
        expected = (reference / "seed_stdout.txt").read_text(encoding="utf-8")
        assert part_one(texts).rstrip("\n") == expected.rstrip("\n")
    # The pictures are there, and the tables are text.
    pictures = [o for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    assert len(pictures) == 6
    assert all("image/png" in out.data for out in pictures)
    assert "log-likelihood" in texts["library-code"]
