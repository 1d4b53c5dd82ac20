"""The memory of the inference: every quantity is asked for, watched, and in the docs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.inference_memory import command, page, quantities, watched
from benchmarks.results import ResultsError
from click.testing import CliRunner


@pytest.fixture(scope="module")
def data():
    return quantities.draw(np.random.default_rng(1), 2_000, 6)


@pytest.mark.parametrize("quantity", quantities.QUANTITIES, ids=lambda one: one.name)
def test_every_quantity_can_be_asked_for(quantity, data):
    blocks = data.blocks
    assert quantity.ask(data, blocks, quantity.before(blocks)) is not None
    assert quantities.named(quantity.name) is quantity
    assert "," not in quantity.name  # --quantities parts its globs by commas


def test_data_are_saved_and_loaded(data, tmp_path):
    data.save(tmp_path)
    again = quantities.load(tmp_path)
    for name in ("X", "y", "person", "period"):
        assert getattr(again, name).tobytes() == getattr(data, name).tobytes()
    assert again.size == data.size == data.X.nbytes + 3 * data.y.nbytes
    assert set(data.period) == set(range(quantities.PERIODS))


def test_a_quantity_is_watched_in_a_process_of_its_own(data, tmp_path):
    data.save(tmp_path)
    found = watched.measure("HC1", tmp_path)
    assert found.remark == ""
    assert found.reads == 1
    assert found.seconds > 0
    if Path("/proc/self/status").exists():
        assert found.peak >= found.before > 10_000_000
        assert found.beyond < page.ALLOWED


def test_a_process_that_ends_badly_does_not_count(tmp_path):
    found = watched.measure("HC1", tmp_path)
    assert found.remark.startswith("the process ended with code 1")
    run = made(found)
    assert f"| HC1 |  |  |  |  | {found.remark} |" in page.markdown(run)


def made(*found: watched.Measured) -> page.Run:
    return page.Run("0" * 40, False, 1, "now", "python", 0.1, 10, 2, 1000, list(found))


def test_what_takes_more_than_it_may_is_said():
    fine = watched.Measured("HC0", 10_000_000, 210_000_000, 1.5, 1)
    over = watched.Measured("HC3", 10_000_000, 210_000_001, 0.25, 2)
    text = page.markdown(made(fine, over))
    assert "| HC0 | 200 | 210 | 1.5 | 1 |  |" in text
    assert "| HC3 | 200 | 210 | 0.25 | 2 | **missed** |" in text


def test_the_command_measures_once_and_writes_it_into_a_page(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "hold", lambda threads: None)
    file, there = tmp_path / "m.json", tmp_path / "page.md"
    size = ["--rows", "500", "--columns", "5", "--seed", "3"]
    asked = [*size, "--quantities", "HC[01]", "--json", str(file)]
    done = CliRunner().invoke(command.main, asked)
    assert done.exit_code == 0, done.output
    assert done.stderr == "HC0\nHC1\n"
    run = page.read(file)
    assert [one.quantity for one in run.found] == ["HC0", "HC1"]
    assert page.markdown(run) == done.stdout
    assert CliRunner().invoke(command.main, asked).stderr == ""
    there.write_text("a\n<!-- results: none -->\n<!-- end of results -->\nb\n")
    put = CliRunner().invoke(command.main, ["--json", str(file), "--into", str(there)])
    assert put.exit_code == 0, put.output
    assert done.stdout in there.read_text()
    other = CliRunner().invoke(command.main, [*asked, "--seed", "4"])
    assert other.exit_code == 1
    assert "another commit, seed or size" in other.stderr
    assert CliRunner().invoke(command.main, ["--into", str(there)]).exit_code == 2


def test_a_file_that_holds_something_else(tmp_path):
    file = tmp_path / "m.json"
    for text in ("", "{}", '{"format": 0}', '{"format": 1, "found": [{}]}'):
        file.write_text(text)
        with pytest.raises(ResultsError):
            page.read(file)
