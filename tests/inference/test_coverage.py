"""The count of coverage: laws that it can fail, exact answers, and the page as it was counted."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from benchmarks.coverage import command, enumerated, limits, page, simulate, theory
from benchmarks.coverage import worlds as laws
from benchmarks.results import ResultsError
from click.testing import CliRunner
from scipy.special import ndtr
from scipy.stats import binom

WORLDS = {world.name: world for world in laws.worlds()}


# --- the count ------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.5, 0.1])
def test_intervals_cover_as_often_as_they_say(alpha):
    world, rows, samples = WORLDS["logistic"], 300, 150
    for count in simulate.simulate(world, rows, samples, 3, alpha):
        error = theory.monte_carlo_error(1 - alpha, samples)
        assert abs(count.coverage - (1 - alpha)) < 3.5 * error, count.method


def test_a_wrong_estimand_is_not_covered():
    """The count can fail: three standard errors from the truth nothing covers half of the time."""
    from dataclasses import replace

    world = replace(WORLDS["logistic"], estimand=1.5)
    for count in simulate.simulate(world, 300, 40, 3):
        assert count.coverage < 0.5


def test_every_world_and_method_is_counted():
    for world in WORLDS.values():
        found = simulate.simulate(world, 50, 4, 1)
        assert [count.method for count in found] == list(world.methods)
        for count in found:
            assert (count.world, count.rows, count.samples) == (world.name, 50, 4)
            assert 0 <= count.covered <= 4


def test_the_same_seed_counts_the_same():
    one, other = (simulate.simulate(WORLDS["clustered"], 50, 5, seed) for seed in (7, 7))
    assert one == other


def test_an_infinite_coefficient_has_infinite_intervals_but_firths():
    x = np.repeat([0.0, 1.0], [40, 10])
    y = np.r_[np.tile([0.0, 1.0], 20), np.zeros(10)]
    found = simulate.intervals(laws.Sample(x[:, None], y), WORLDS["two groups"].methods, 0.05)
    for method in ("Wald", "HC1", "HC3"):
        assert found[method] == (-np.inf, np.inf)
    assert found["profile"][0] == -np.inf
    assert np.isfinite(found["profile"][1])
    assert np.isfinite(found["Firth"]).all()


def test_samples_of_one_class_are_drawn_again():
    from dataclasses import replace

    def seldom(rng, rows):
        return laws.Sample(rng.normal(size=(rows, 1)), (rng.random(rows) < 0.05).astype(float))

    world = replace(WORLDS["two groups"], draw=seldom, methods=("Firth",), estimand=0.0)
    (count,) = simulate.simulate(world, 20, 10, 1)
    assert count.redrawn > 0
    assert count.samples == 10


# --- theory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", WORLDS["two groups"].methods)
def test_the_enumeration_is_that_of_our_own_intervals(method):
    """Every table of fifteen rows, its intervals computed by sigmoide itself."""
    world, (rest, group) = WORLDS["two groups"], laws.group_sizes(15)
    x = np.repeat([0.0, 1.0], [rest, group])
    total = covered = 0.0
    for c, a in itertools.product(range(rest + 1), range(group + 1)):
        if c + a in (0, rest + group):
            continue
        y = np.r_[np.arange(rest) < c, np.arange(group) < a].astype(float)
        chance = math.prod(
            binom.pmf(k, n, p)
            for k, n, p in zip((c, a), (rest, group), laws.GROUP_RATES, strict=True)
        )
        ((low, high),) = simulate.intervals(laws.Sample(x[:, None], y), (method,), 0.05).values()
        total += chance
        covered += chance * (low <= world.estimand <= high)
    exact = enumerated.exact_coverage(method, 15, world.estimand, 0.05)
    assert exact == pytest.approx(covered / total, abs=1e-12)


def test_exact_coverages_tend_to_what_the_intervals_say():
    for method in WORLDS["two groups"].methods:
        off = [
            abs(enumerated.exact_coverage(method, n, WORLDS["two groups"].estimand, 0.05) - 0.95)
            for n in (50, 2000)
        ]
        assert off[1] < 0.002
        assert off[1] < off[0] + 0.002


@pytest.mark.parametrize("name", ["curved", "clustered"])
def test_limits_are_those_of_a_huge_sample(name):
    """The slope that a fit tends to, and the share of its error that Fisher's is."""
    from sigmoide.blocks.blocks import array_blocks
    from sigmoide.fit.driver import fit_blocks
    from sigmoide.inference.clustered import clustered
    from sigmoide.inference.clusters import clusters_of_source
    from sigmoide.inference.robust import heteroskedastic
    from sigmoide.results.covariance import estimates
    from sigmoide.results.records import Settings

    world, n = WORLDS[name], 200_000
    sample = world.draw(np.random.default_rng(1), n)
    blocks = array_blocks(sample.X, sample.y, None, None, ("x",))
    fit = fit_blocks(blocks, True, Settings())
    plain = estimates(fit, True)
    if name == "curved":
        robust = heteroskedastic(blocks, fit, True, "HC1")
    else:
        by = (clusters_of_source("c", sample.clusters),)
        robust = clustered(blocks, fit, True, "CR1", by)
    error = robust.standard_errors[1]
    assert abs(plain.params[1] - world.estimand) < 3.5 * error
    assert plain.standard_errors[1] / error == pytest.approx(world.limits["Wald"], rel=0.02)


def test_the_grid_has_the_moments_of_a_normal_variable():
    x, weight = limits.normal_grid()
    assert [weight @ x**k for k in (0, 2, 4, 6)] == pytest.approx([1, 1, 3, 15], rel=1e-12)


def test_theory_of_a_wrong_model_is_not_95():
    curved = theory.theory_of(WORLDS["curved"], "Wald", 50, 0.05)
    share = WORLDS["curved"].limits["Wald"]
    assert curved.coverage == pytest.approx(1 - 2 * ndtr(-1.959963984540054 * share))
    assert not curved.exact
    assert curved.coverage < 0.93
    assert theory.theory_of(WORLDS["curved"], "HC1", 50, 0.05).coverage == pytest.approx(0.95)
    assert theory.theory_of(WORLDS["two groups"], "Wald", 50, 0.05).exact


@pytest.mark.parametrize(
    ("rows", "counted", "exact", "said"),
    [
        (50, 0.945, False, "as theory says"),
        (50, 0.920, False, "below, as known"),
        (50, 0.980, False, "not explained: above"),
        (50, 0.920, True, "not explained: below"),
        (2000, 0.920, False, "not explained: below"),
    ],
)
def test_verdicts(rows, counted, exact, said):
    assert theory.verdict("HC1", rows, counted, 2000, theory.Theory(0.95, exact)) == said


# --- the file and the page ------------------------------------------------------------------------


@pytest.fixture
def one_thread(monkeypatch):
    """The command holds its process to one processor; the tests are not to be held."""
    monkeypatch.setattr(command, "hold", lambda threads: None)
    monkeypatch.setattr(command, "SAMPLES", {50: 3})


def test_the_command_counts_once_and_writes_it_into_a_page(one_thread, tmp_path):
    file, there = tmp_path / "c.json", tmp_path / "page.md"
    asked = ["--seed", "3", "--json", str(file)]
    done = CliRunner().invoke(command.main, asked)
    assert done.exit_code == 0, done.output
    run = page.read(file)
    assert len(run.cells) == sum(len(world.methods) for world in WORLDS.values())
    assert page.markdown(run) == done.stdout
    assert "two groups, 50 rows" in done.stderr
    again = CliRunner().invoke(command.main, asked)
    assert again.stdout == done.stdout
    assert again.stderr == ""
    there.write_text("a\n<!-- results: none -->\n<!-- end of results -->\nb\n")
    put = CliRunner().invoke(command.main, ["--json", str(file), "--into", str(there)])
    assert put.exit_code == 0, put.output
    assert done.stdout in there.read_text()
    other = CliRunner().invoke(command.main, ["--seed", "4", "--json", str(file)])
    assert other.exit_code == 1
    assert "another commit, seed or number of samples" in other.stderr
    assert CliRunner().invoke(command.main, ["--into", str(there)]).exit_code == 2


def test_a_file_that_holds_something_else(tmp_path):
    file = tmp_path / "c.json"
    for text in ("", "{}", '{"format": 0}', '{"format": 1, "cells": [{}]}'):
        file.write_text(text)
        with pytest.raises(ResultsError):
            page.read(file)
