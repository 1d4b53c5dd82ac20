"""docs/coverage.md and docs/inference-memory.md: what was counted and measured will do."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from benchmarks.coverage import command as counting
from benchmarks.coverage import page as coverage
from benchmarks.coverage import theory, worlds
from benchmarks.inference_memory import command as measuring
from benchmarks.inference_memory import page as memory
from benchmarks.inference_memory import quantities
from benchmarks.render import into

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
WORLDS = {world.name: world for world in worlds.worlds()}


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def counted():
    return coverage.read(RESULTS / "coverage.json")


@pytest.fixture(scope="module")
def measured():
    return memory.read(RESULTS / "inference-memory.json")


def test_the_page_of_coverage_shows_what_was_counted(counted):
    text = text_of("coverage.md")
    assert into(text, "coverage.json", coverage.markdown(counted)) == text
    assert coverage.departures() in text
    for option in counting.main.params:
        assert option.opts[0] in text, option.opts


def test_what_was_counted_is_what_theory_says(counted):
    every = itertools.product(WORLDS.values(), worlds.SIZES)
    cells = {(cell.world, cell.method, cell.rows) for cell in counted.cells}
    assert cells == {(world.name, m, rows) for world, rows in every for m in world.methods}
    assert counted.worlds == {
        world.name: (world.what, pytest.approx(world.estimand)) for world in WORLDS.values()
    }
    for cell in counted.cells:
        assert cell.samples >= 1000
        assert not cell.verdict.startswith("not explained"), cell
        known = theory.theory_of(WORLDS[cell.world], cell.method, cell.rows, counted.alpha)
        assert (cell.theory, cell.exact) == (pytest.approx(known.coverage), known.exact)


def test_the_page_of_memory_shows_what_was_measured(measured):
    text = text_of("inference-memory.md")
    assert into(text, "inference-memory.json", memory.markdown(measured)) == text
    assert [one.quantity for one in measured.found] == [q.name for q in quantities.QUANTITIES]
    assert (measured.rows, measured.columns) == (2_000_000, 20)
    for option in measuring.main.params:
        assert option.hidden or option.opts[0] in text, option.opts


def test_every_quantity_stays_within_its_memory(measured):
    missed = [one.quantity for one in measured.found if one.remark or one.beyond > memory.ALLOWED]
    assert missed == []
