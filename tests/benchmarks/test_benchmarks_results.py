"""The benchmarks' results: no row without agreement, files, tables, targets, the docs."""

from __future__ import annotations

import math
import re
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from benchmarks.results import CaseResult, Row
from click.testing import CliRunner

from benchmarks import (
    beyond_memory,
    cases,
    command,
    machine,
    render,
    results,
    rivals,
    runner,
    seeds,
    summary,
    targets,
)
from support.bench import a_case, measured, run

DOCS = Path(__file__).parents[2] / "docs"


# --- agreement ------------------------------------------------------------------------------------


def cell(case: CaseResult, level: float = 1e-6):
    return summary.at_level(case, case.rivals[0], level)


def test_the_ratio_is_that_of_the_loosest_tolerance_that_will_do():
    case = a_case(
        run(1.0, 1e-3, None, None),
        run(0.1, 1e-7, 1.0, 8.0),
        run(0.01, 1e-8, 1.0, 30.0),
        run(0.1, 1e-7, 2.0, 12.0),
        run(0.1, 1e-7, 1.0, 9.0),
    )
    found = cell(case)
    assert (found.middle, found.least, found.most, found.pairs) == (8.0, 6.0, 9.0, 3)
    assert found.tolerance == 0.1


def test_a_tolerance_of_which_one_run_fails_does_not_count():
    case = a_case(run(0.1, 1e-7, 1.0, 8.0), run(0.1, 1e-5, 1.0, 8.0), run(0.01, 1e-9, 1.0, 30.0))
    assert cell(case).middle == 30.0


def test_a_run_that_was_watched_for_memory_has_no_time():
    assert cell(a_case(run(1.0, 1e-8, None, None))) == summary.Short(1e-8, 0.0, False)


def test_a_rival_that_is_not_accurate_enough_fails():
    case = a_case(run(1.0, 1e-3), run(0.1, 1e-5, 1.0, 20.0))
    assert cell(case) == summary.Short(1e-5, 20.0, False)
    assert render._cell(cell(case)) == "fails [1e-05]"


def test_a_rival_that_was_stopped_takes_longer_than_it_had():
    case = a_case(run(1.0, 1e-3))
    case.rivals[0].cut = 50.0
    assert cell(case) == summary.Short(1e-3, 50.0, True)
    assert render._cell(cell(case)) == "> 50x [1e-03]"
    case.rivals[0].runs = []
    assert render._cell(cell(case)) == "> 50x"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"gap": 1e-5}, "ours fails [1e-05]"),
        ({"gap": math.nan}, "ours fails [nan]"),
        ({"left": 1e-9}, "no optimum could be established"),
        ({"left": math.nan}, "no optimum could be established"),
        ({"remark": "it rained"}, "it rained"),
    ],
)
def test_a_row_without_agreement_is_not_a_row(changes, why):
    case = a_case(run(0.1, 1e-9), **changes)
    assert cell(case) == summary.NoRow(why)
    assert "10x" not in render.markdown(measured(case))


def test_nor_is_one_in_which_ours_failed_beside_the_rival_or_the_optimum_is_beaten():
    case = a_case(run(0.1, 1e-9))
    case.rivals[0].ours_gap = 1e-4
    assert cell(case) == summary.NoRow("ours fails [1e-04]")
    assert cell(a_case(run(0.1, -1e-8))) == summary.NoRow("the optimum is beaten by 1e-08")
    assert isinstance(cell(a_case(run(0.1, -1e-13))), summary.Ratio)


def test_every_time_of_ours_counts():
    case = a_case(run(0.1, 1e-9, 3.0), run(0.1, 1e-9, None, None), run(0.1, 1e-9, 5.0))
    assert summary.ours_seconds(case) == [1.0, 3.0, 5.0]


# --- results --------------------------------------------------------------------------------------


def test_results_are_written_and_read(tmp_path):
    file = tmp_path / "new" / "results.json"
    full = measured(
        a_case(run(0.1, 1e-9), optimum=1.0 + 2.0**-50),
        kernel=[results.KernelResult("float32", 5, 2, 40, [2.0], [1.0])],
        beyond_memory=None,
    )
    results.write(full, file)
    assert results.read(file) == full
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "cases": [{}], "kernel": []}']
)
def test_what_holds_no_results_is_refused_by_name(tmp_path, text):
    file = tmp_path / "results.json"
    file.write_text(text)
    with pytest.raises(results.ResultsError, match=re.escape(str(file))):
        results.read(file)
    with pytest.raises(results.ResultsError, match="nowhere"):
        results.read(tmp_path / "nowhere.json")


def test_one_file_is_one_measurement(tmp_path):
    file = tmp_path / "results.json"
    fresh = command._begin(3, None)
    results.write(fresh, file)
    assert command._begin(3, file) == results.read(file)
    with pytest.raises(results.ResultsError, match="another commit, seed"):
        command._begin(4, file)


def test_a_measurement_goes_on_where_it_was_interrupted(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "hold", lambda threads: None)
    done: list[str] = []

    def run_case(case, *rest, **named):
        done.append(case.name)
        return a_case(run(0.1, 1e-9), name=case.name)

    monkeypatch.setattr(runner, "run_case", run_case)
    file = str(tmp_path / "results.json")
    asked = ["--cases", "small-1000x5*", "--seed", "1", "--json", file]
    first = CliRunner().invoke(command.main, asked)
    assert first.exit_code == 0, first.output
    assert done == [case.name for case in cases.chosen("small-1000x5*")]
    again = CliRunner().invoke(command.main, ["--cases", "small-1*", "--seed", "1", "--json", file])
    assert len(done) == len(set(done)) == len(cases.chosen("small-1*"))
    assert "small-10000x50" in again.stdout
    other = CliRunner().invoke(command.main, [*asked[:3], "2", *asked[4:]])
    assert other.exit_code == 1
    assert "another commit, seed" in other.stderr


@pytest.mark.parametrize("option", ["--cases", "--rivals"])
def test_names_that_are_not_there_are_refused(option, monkeypatch):
    monkeypatch.setattr(command, "hold", lambda threads: None)
    said = CliRunner().invoke(command.main, [option, "nobody*"])
    assert said.exit_code == 2
    assert "nothing is named 'nobody*'" in said.stderr


def test_the_names_are_listed(monkeypatch):
    monkeypatch.setattr(command, "hold", lambda threads: None)
    said = CliRunner().invoke(command.main, ["--list"])
    assert said.stdout.split("\n\n")[0].split() == [case.name for case in cases.CASES]
    assert said.stdout.strip().endswith("adelie")


def test_the_machine_and_the_versions_are_told():
    assert machine.machine()["processors used"] >= 1
    found = machine.versions()
    assert found["numpy"] == np.__version__
    assert set(found) >= {rival.package for rival in rivals.RIVALS}


# --- tables ---------------------------------------------------------------------------------------


def test_the_tables():
    case = a_case(run(1.0, 1e-3, None, None), run(0.1, 1e-7, 1.0, 8.0), run(0.1, 1e-7, 1.0, 12.0))
    text = render.markdown(
        measured(case, kernel=[results.KernelResult("float32", 5, 10, 4_000_000, [2e-3], [1e-3])])
    )
    for line in (
        "| dense, against glum | ≥ 10x | 10x (10x by default) | one | met |",
        "| dense, full passes | ≤ 6 | 4 | one | met |",
        "| kernel, d = 10, of the read rate | ≥ 0.5 | 0.50 | d = 10, float32 | met |",
        "| memory beyond X | < 100 MB | 5 MB | one | met |",
        "| one | 1 s (1 s–1 s) | 4 | 10 | 1e-13 | yes | 1e-09 | 5 |",
        "| one | 10x (8–12) |",
        "| one | fails [1e-07] |",
        "| float32 | 10 | 5 | 2 | 4 | 0.50 |",
    ):
        assert line in text, line
    assert "seed 3" in text
    assert "commit 0123456789ab," in text
    assert "with changes" in render.markdown(measured(case, changed=True))


def test_a_target_that_is_missed_is_said_to_be():
    slow = a_case(run(0.1, 1e-9, 1.0, 2.0), group="hard", said={"reads": 9.0, "proved": 0.0})
    slow.said["distance"] = 1.0
    found = {v.what: v for v in targets.verdicts(measured(slow))}
    assert not found["hard, against the best that reaches 1e-6"].met
    assert found["hard, proved and at 1e-9"].where == "one"
    assert not found["hard, proved and at 1e-9"].met
    few = a_case(run(0.1, 1e-9, 0.001, 0.0025), group="small", seconds=[0.0015])
    found = {v.what: v for v in targets.verdicts(measured(few))}
    assert found["small, time"].met
    assert found["small, against rivals that need over 2 ms"].found == "2.5x"
    assert not found["small, against rivals that need over 2 ms"].met


def test_a_rival_that_fails_says_nothing_of_a_target_and_one_that_was_stopped_does():
    failing = a_case(run(0.1, 1e-4))
    assert "dense, against glum" not in {v.what for v in targets.verdicts(measured(failing))}
    failing.rivals[0].cut = 30.0
    found = {v.what: v for v in targets.verdicts(measured(failing))}
    assert found["dense, against glum"].found == "30x (30x by default)"


def test_a_target_is_held_against_the_best_of_a_package_and_the_worst_of_a_group():
    best = a_case(run(0.1, 1e-9, 1.0, 40.0), name="easy")
    worst = a_case(run(0.1, 1e-9, 1.0, 50.0), name="difficult")
    for case, ratio in ((best, 30.0), (worst, 12.0)):
        case.rivals[0].rival = "scikit-learn lbfgs"
        other = Row("scikit-learn newton-cg", [run(0.1, 1e-9, 1.0, ratio)], ours_gap=0.0)
        case.rivals.append(other)
    found = {v.what: v for v in targets.verdicts(measured(best, worst))}
    held = found["dense, against scikit-learn's best"]
    assert (held.found, held.where, held.met) == ("12x (12x by default)", "difficult", True)


def test_targets_are_of_ours_at_equal_accuracy_and_say_what_the_default_would_be():
    case = a_case(run(0.1, 1e-9, 1.0, 8.0))
    no_further = Row(targets.OURS_TO, [run(0.1, 1e-9, 1.0, 0.5)], ours_gap=0.0)
    case.rivals.append(no_further)
    found = {v.what: v for v in targets.verdicts(measured(case))}
    assert found["dense, against glum"].found == "16x (8x by default)"
    case.group = "hard"
    found = {v.what: v for v in targets.verdicts(measured(case))}
    assert found["hard, against the best that reaches 1e-6"].found == "16x (8x by default)"
    no_further.runs[0].gap = 1e-3
    found = {v.what: v for v in targets.verdicts(measured(case))}
    assert found["hard, against the best that reaches 1e-6"].found == "8x (8x by default)"


def test_what_is_beyond_memory_is_held_against_its_targets():
    found = beyond_memory.Beyond(50, 2, "float64", 10, 10**9, 2 * 10**9, 7, 30.0, 20.0)
    text = render.markdown(measured(beyond_memory=asdict(found)))
    assert "| merely decoding as often | 20 s (1.5x) |" in text
    verdicts = targets.verdicts(measured(beyond_memory=asdict(found)))
    assert [v.met for v in verdicts] == [False, False, True]
    found.remark = "the fit is separated"
    assert targets.verdicts(measured(beyond_memory=asdict(found))) == []
    assert "does not count" in render.beyond_table(asdict(found))


def test_tables_go_between_the_marks_of_a_page(tmp_path):
    page = "before\n<!-- results: old.json -->\nold\n<!-- end of results -->\nafter\n"
    put = render.into(page, "new.json", "new")
    assert put == "before\n<!-- results: new.json -->\n\nnew\n<!-- end of results -->\nafter\n"
    assert render.into(put, "new.json", "new") == put
    with pytest.raises(results.ResultsError, match="two marks"):
        render.into("nothing", "a", "b")
    file, there = tmp_path / "r.json", tmp_path / "page.md"
    results.write(measured(a_case(run(0.1, 1e-9))), file)
    there.write_text(page)
    assert CliRunner().invoke(render.main, [str(file), "--into", str(there)]).exit_code == 0
    assert render.markdown(results.read(file)) in there.read_text()
    printed = CliRunner().invoke(render.main, [str(file)])
    assert printed.stdout == render.markdown(results.read(file))
    assert CliRunner().invoke(render.main, [str(there)]).exit_code == 1


def test_the_figures_in_the_docs_are_those_that_were_measured():
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    name = re.search(r"<!-- results: (\S+) -->", page)
    assert name
    file = seeds.ROOT / "benchmarks" / "results" / name[1]
    if name[1] == "none":
        assert not file.parent.exists() or not list(file.parent.glob("[0-9]*.json"))
        return
    assert render.into(page, name[1], render.markdown(results.read(file))) == page


def test_the_docs_name_every_rival_and_option():
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    for rival in rivals.RIVALS:
        assert rival.package in page, rival.package
        assert rival.layout in page
    for option in command.main.params:
        assert option.opts[0] in page, option.opts


# --- beyond memory --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "size"), [("1GB", 10**9), ("0.5GB", 5 * 10**8), ("64kb", 64_000), ("3MB", 3_000_000)]
)
def test_amounts_of_memory(text, size):
    assert beyond_memory.bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "1", "GB", "1TB", "xMB"])
def test_what_is_no_amount_of_memory(text):
    with pytest.raises(ValueError, match=r"amount of memory|could not convert"):
        beyond_memory.bytes_of(text)


def test_the_file_is_that_of_the_family_and_is_fitted_and_decoded(tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    monkeypatch.setattr(beyond_memory, "_GROUP_ROWS", 1000)
    path = tmp_path / "data.parquet"
    beyond_memory.write_file(path, 2500, 3, "float64", 1)
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(i).num_rows for i in range(3)] == [1000, 1000, 500]
    frame = file.read().to_pandas()
    assert list(frame) == ["y", "x0", "x1", "x2"]
    assert set(frame["y"]) == {0, 1}
    asked = beyond_memory.Beyond(2500, 3, "float64", path.stat().st_size, 10**9)
    found = beyond_memory.measure(path, asked)
    assert found.remark == ""
    assert found.reads > 0
    assert found.decode_seconds > 0
    if Path("/proc/self/status").exists():
        assert found.peak > 1_000_000


def test_a_fit_that_ends_badly_does_not_count(tmp_path):
    asked = beyond_memory.Beyond(1, 1, "float64", 1, 1)
    found = beyond_memory.measure(tmp_path / "nothing.parquet", asked)
    assert found.remark.startswith("exit code")
    assert "nothing.parquet" in found.remark
