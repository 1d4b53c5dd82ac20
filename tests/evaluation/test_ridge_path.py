"""Early stopping along the ridge path: the way down, when it stops, and what is restored."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.api.options import FitOptions
from sigmoide.api.split import SplitFit, fit_parts
from sigmoide.design.design import Term
from sigmoide.design.prepare import Request, prepare
from sigmoide.design.split import parse_split
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.evaluation import ridge_path
from sigmoide.evaluation.ridge_path import stop_early
from sigmoide.report.scores import path_entries, render_path
from sigmoide.results.records import Settings
from sigmoide.sources.formats import in_memory
from sigmoide.sources.frames import read_source
from support.cli_run import contents, refused, run

ANES = Path(__file__).parents[2] / "examples" / "anes96.csv"


def table(n: int = 90, d: int = 6, signal: float = 1.0, seed: int = 0) -> pd.DataFrame:
    """Make few rows and many columns of very different sizes, and name three parts."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = rng.random(n) < 1 / (1 + np.exp(-signal * X[:, 0] + 0.5 * signal * X[:, -1]))
    frame = pd.DataFrame(100 + X * 10.0 ** (np.arange(d) - d // 2), columns=list("abcdefghij")[:d])
    frame["y"] = y.astype(int)
    frame["w"] = rng.integers(1, 4, n)
    frame["o"] = rng.normal(size=n).round(2)
    frame["part"] = rng.choice(["train", "train", "validation", "test"], n)
    return frame


def columns_of(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in ("y", "w", "o", "part")]


def stopped(frame: pd.DataFrame, patience: int = 3, **roles: str) -> SplitFit:
    request = Request("y", tuple(Term(c, c) for c in columns_of(frame)), **roles)
    options = FitOptions(split=parse_split("column:part=train"), patience=patience)
    return fit_parts(read_source(frame), request, options)


def losses(result: sigmoide.Result, rows: pd.DataFrame, weights: str | None, offset: str | None):
    """Compute the mean log loss from the coefficients alone."""
    slopes = result.params.drop("Intercept", errors="ignore")
    eta = rows[slopes.index].to_numpy() @ slopes.to_numpy() + result.params.get("Intercept", 0.0)
    eta = eta + (rows[offset].to_numpy() if offset else 0.0)
    weight = rows[weights].to_numpy() if weights else np.ones(len(rows))
    return np.average(np.logaddexp(0, np.where(rows.y == 1, -eta, eta)), weights=weight)


# What comes out is what a loop of plain fits finds


@pytest.mark.parametrize(
    ("frame", "roles"),
    [
        (table(), {}),
        (table(seed=1), {"frequency": "w"}),
        (table(seed=2), {"weights": "w", "offset": "o"}),
        (table(40, 9, seed=3), {}),  # more to learn than there is to learn from
        (table(signal=0.0, seed=4), {}),  # nothing to learn
        (table(400, 2, seed=5), {}),  # no penalty needed
    ],
)
def test_the_choice_is_the_argmin_of_plain_fits(frame, roles):
    found = stopped(frame, patience=4, **roles)
    path = found.path
    weights, offset = roles.get("frequency", roles.get("weights")), roles.get("offset")
    train, held_out = (frame[frame.part == name] for name in ("train", "validation"))
    formula = f"y ~ {' + '.join(columns_of(frame))}"
    fits = [
        sigmoide.logit(formula, train, l2=point.l2, standardize=True, **roles)
        for point in path.points
    ]
    theirs = [losses(fit, held_out, weights, offset) for fit in fits]
    assert path.best == int(np.argmin(theirs))
    for point, fit, loss in zip(path.points, fits, theirs, strict=True):
        assert point.validation == pytest.approx(loss, rel=1e-7)
        assert point.train == pytest.approx(losses(fit, train, weights, offset), rel=1e-7)
        assert point.distance == fit.certificate.distance <= 1e-9
        assert point.validation == fit.evaluate(held_out)["log_loss"]
    # restored: bit by bit the fit that the chosen penalty gives by itself
    chosen = fits[path.best]
    np.testing.assert_array_equal(found.result.params, chosen.params)
    assert found.result.model.settings == chosen.model.settings
    assert found.result.certificate == chosen.certificate
    assert found.result.status == "proved"
    assert found.scored["validation"].n == (
        held_out[weights].sum() if "frequency" in roles else len(held_out)
    )
    scores = found.result.evaluate(found.scored["validation"])
    assert scores["log_loss"] == path.points[path.best].validation


def test_noise_is_shrunk_away_and_a_signal_is_kept():
    """Of columns that tell nothing, less is learned, to the good of rows that nobody looked at."""
    ours, theirs = [], []
    for seed in range(12):
        frame = table(240, 8, signal=0.0, seed=seed)
        train, test = frame[frame.part == "train"], frame[frame.part == "test"]
        whole = sigmoide.logit(f"y ~ {' + '.join(columns_of(frame))}", train)
        ours.append(losses(stopped(frame).result, test, None, None))
        theirs.append(losses(whole, test, None, None))
    assert np.mean(ours) < np.mean(theirs) - 0.02
    assert np.mean(ours) < np.log(2) + 0.02
    signal = stopped(table(2000, 2, signal=2.0, seed=5)).path
    assert signal.points[signal.best].l2 < 10


def test_separated_training_rows_have_a_path():
    """Without a penalty no maximum exists; with any there is one, and it is proved."""
    frame = table(60, 3, seed=6)
    train = frame.part == "train"
    frame.loc[train, "a"] = np.where(frame.y[train] == 1, 101.0, 99.0) + frame.a[train] / 1e3
    with pytest.warns(sigmoide.errors.SeparationWarning):
        assert sigmoide.logit("y ~ a + b + c", frame[train]).status == "separated"
    found = stopped(frame, patience=100)
    assert found.result.status == "proved"
    assert all(point.distance <= 1e-9 for point in found.path.points)
    assert found.path.ended == "end"
    # the weaker the penalty, the nearer the training rows are to being said without error
    train_losses = [point.train for point in found.path.points]
    assert (np.diff(train_losses) < 0).all()
    assert train_losses[-1] < 1e-4
    assert 0 < found.path.best < len(train_losses) - 1


# The path


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(12, 200),
    d=st.integers(1, 8),
    intercept=st.booleans(),
    roles=st.sampled_from([{}, {"weights": "w"}, {"offset": "o"}]),
)
def test_it_begins_at_next_to_nothing_and_goes_by_halves(seed, n, d, intercept, roles):
    frame = table(n, d, seed=seed)
    frame.loc[[0, 1], "y"] = [0, 1]
    names = columns_of(frame)
    if not intercept:  # whose place the size of the columns would take
        frame[names] -= 100
    request = Request("y", tuple(Term(c, c) for c in names), intercept, **roles)
    ready = prepare(in_memory(read_source(frame)), request)
    _, asked, path = stop_early(ready.blocks, ready.blocks, intercept, Settings(), 99)
    penalties = [point.l2 for point in path.points]
    assert all(math.frexp(l2)[0] == 0.5 for l2 in penalties)
    assert (np.diff(np.log2(penalties)) == -1).all()
    assert asked == Settings(l2=penalties[path.best], standardize=True)
    assert path.ended == "end"
    # the rows that are fitted say what the rows held out said, for they are the same
    losses_there = np.array([point.validation for point in path.points])
    assert losses_there == pytest.approx([point.train for point in path.points], rel=1e-9)
    assert (np.diff(losses_there) < 1e-12).all()
    assert penalties[-1] / 2 < ridge_path.SMALLEST * penalties[0] <= penalties[-1]
    formula = f"y ~ {' + '.join(names)}" + ("" if intercept else " - 1")
    first = sigmoide.logit(formula, frame, l2=penalties[0], standardize=True, **roles)
    weight = frame.w if "weights" in roles else np.ones(n)
    mean = np.average(frame[names], axis=0, weights=weight)
    spread = np.sqrt(np.average((frame[names] - mean) ** 2, axis=0, weights=weight))
    assert np.linalg.norm(first.params[names] * spread) <= 0.0101
    if intercept and "offset" not in roles:
        # the length of the gradient of the null model says where that is
        residual = weight * (frame.y - np.average(frame.y, weights=weight))
        gradient = np.linalg.norm(residual @ ((frame[names] - mean) / spread))
        assert gradient / 0.01 / 1.02 <= penalties[0] < 2 * gradient / 0.01


def test_columns_that_tell_nothing_at_all_have_a_path():
    """The gradient of a balanced table is 0 exactly: every penalty gives the same."""
    frame = pd.DataFrame(
        {"y": [0, 1, 0, 1] * 3, "a": [0, 0, 1, 1] * 3, "part": ["train"] * 8 + ["validation"] * 4}
    )
    found = stopped(frame, patience=2)
    assert found.path.best == 0
    assert len(found.path.points) == 3
    np.testing.assert_allclose(found.result.params, 0.0, atol=1e-12)


def test_a_constant_column_is_left_out_on_the_way():
    frame = table(seed=7).assign(c=3.0)
    found = stopped(frame)
    assert found.result.aliased == {"c": "3"}
    assert found.result.status == "proved"


# Patience, and restoration: laws over any sequence of losses


@pytest.fixture(scope="module")
def stand_in():
    """Fits that cost nothing, numbered by their steps, and the rows that they say they fit."""
    frame = table(40, 2)
    ready = prepare(in_memory(read_source(frame)), Request("y", (Term("a", "a"), Term("b", "b"))))
    fit = ridge_path.fit_blocks(ready.blocks, True, Settings(l2=1.0, standardize=True))
    return ready.blocks, fit


def walked(stand_in, values: list[float], patience: int, unproved: int | None = None):
    blocks, fit = stand_in
    numbers, scores = iter(range(-1, 1000)), iter(values)

    def fitted(*arguments: object):
        number = next(numbers)
        status = "undetermined" if number == unproved else "proved"
        return replace(fit, steps=number, status=status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ridge_path, "fit_blocks", fitted)
        patch.setattr(ridge_path, "log_loss", lambda *arguments: next(scores))
        return stop_early(blocks, blocks, True, Settings(), patience)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.integers(0, 6).map(float), min_size=40, max_size=40),
    patience=st.integers(1, 12),
)
def test_patience(stand_in, values, patience):
    fit, asked, path = walked(stand_in, values, patience)
    seen = [point.validation for point in path.points]
    assert seen == values[: len(seen)]
    # the first of the smallest, its penalty and its own fit
    assert path.best == seen.index(min(seen))
    assert asked.l2 == path.points[path.best].l2
    assert fit.steps == path.best
    # stopped at the first step that has been waited for so long, and at no other
    waits = [k - values.index(min(values[: k + 1])) for k in range(len(seen))]
    assert max(waits) <= patience
    assert all(wait < patience for wait in waits[:-1])
    assert path.ended == ("patience" if waits[-1] == patience else "end")
    if path.ended == "end":
        assert len(seen) == 27  # 2^-26 is the last half above 1e-8


def test_the_path_ends_where_nothing_is_proved(stand_in):
    fit, asked, path = walked(stand_in, [3.0, 1.0, 2.0, 0.0], 10, unproved=3)
    assert path.ended == "not proved"
    assert [point.validation for point in path.points] == [3.0, 1.0, 2.0]
    assert (path.best, fit.steps, asked.l2) == (1, 1, path.points[1].l2)
    with pytest.raises(NotProvedError, match="not even the strongest penalty of the ridge path"):
        walked(stand_in, [1.0], 10, unproved=0)


def test_progress_is_told_of_every_penalty_and_may_stop(stand_in):
    blocks, _ = stand_in
    told = []
    _, _, path = stop_early(blocks, blocks, True, Settings(), 99, told.append)
    assert [reading.what for reading in told] == [
        f"l2 = {point.l2:g}: validation log loss {point.validation:.6f}" for point in path.points
    ]
    reads = [reading.reads for reading in told]
    assert reads == sorted(set(reads))
    assert reads[-1] == path.reads
    again, asked, stopped_path = stop_early(
        blocks, blocks, True, Settings(), 99, lambda reading: reading.reads == reads[4]
    )
    assert stopped_path.ended == "stopped"
    assert stopped_path.points == path.points[:5]
    assert asked.l2 == path.points[stopped_path.best].l2
    assert again.status == "proved"


# What cannot be asked


@pytest.mark.parametrize(
    ("patience", "asked", "message"),
    [
        (0, Settings(), "patience=0 was given; it is a number of penalties, 1 or more"),
        (-3, Settings(), "patience=-3"),
        (2, Settings(l2=1.0), "together with l2=1: early stopping chooses the penalty itself"),
        (2, Settings(l2=1.0, standardize=True), "Leave out one of them"),
    ],
)
def test_refused(patience, asked, message, stand_in):
    blocks, _ = stand_in
    with pytest.raises(UsageError, match=message):
        stop_early(blocks, blocks, True, asked, patience)


def test_nothing_to_penalise():
    ready = prepare(in_memory(read_source(table())), Request("y", ()))
    with pytest.raises(UsageError, match="a model without columns, which has nothing to penalise"):
        stop_early(ready.blocks, ready.blocks, True, Settings(), 2)


# The command


def fit(*options: object, data: object = ANES):
    return run("fit", data, "--target", "vote", "--reference", "party=independent", *options)


WALK = ("--split", "random:0.2,0.2", "--seed", 3, "--patience", 2)


def test_the_command_prints_the_path_after_the_tables(tmp_path):
    out = tmp_path / "m.json"
    done = fit(*WALK, "--out", out)
    assert done.exit_code == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    held = json.loads(fit(*WALK, "--json").stdout)
    points, best = held["path"]["points"], held["path"]["best"]
    chosen = points[best]
    assert held["path"]["ended"] == "patience"
    assert len(points) == best + 3
    assert held["settings"]["l2"] == chosen["l2"]
    assert held["settings"]["standardize"] is True
    assert held["scores"]["validation"]["log_loss"] == chosen["validation_log_loss"]
    assert held["scores"]["train"]["log_loss"] == pytest.approx(chosen["train_log_loss"], rel=1e-12)
    # the table, line by line
    lines = done.stdout.splitlines()
    head = next(k for k, line in enumerate(lines) if "proved within" in line)
    assert lines[head].split() == ["l2", "train", "log", "loss", "validation", "proved", "within"]
    for number, (line, point) in enumerate(zip(lines[head + 1 : -1], points, strict=True)):
        l2, train, validation, distance, *mark = line.split()
        assert float(l2) == pytest.approx(point["l2"], rel=1e-5)
        assert float(train) == pytest.approx(point["train_log_loss"], abs=5e-7)
        assert float(validation) == pytest.approx(point["validation_log_loss"], abs=5e-7)
        assert point["distance"] <= float(distance) <= 1e-9
        assert mark == (["chosen"] if number == best else [])
    assert lines[-1] == f"({held['path']['reads']} reads; stopped after 2 without a better one)"
    # what the model file keeps of it
    model = sigmoide.read_model(out)
    assert model.model.settings.l2 == chosen["l2"]
    note = model.model.notes[-1]
    assert note.startswith(f"l2 = {chosen['l2']:g} was chosen on the validation rows, by early")
    assert "conditional on the choice" in note
    assert note in " ".join(run("show", out).stdout.split())


def test_the_choice_can_be_typed_again(tmp_path):
    """The chosen penalty by hand, on the training rows: the same coefficients, bit by bit."""
    found = json.loads(fit(*WALK, "--json").stdout)
    by_hand = json.loads(
        fit(*WALK[:4], "--l2", repr(found["settings"]["l2"]), "--standardize", "--json").stdout
    )
    assert by_hand["fit"]["coefficients"] == found["fit"]["coefficients"]
    assert by_hand["scores"] == found["scores"]
    assert "path" not in by_hand


def test_progress_is_a_line_for_each_penalty():
    done = fit(*WALK)
    lines = done.stderr.splitlines()
    assert all(": l2 = " in line and "validation log loss" in line for line in lines)
    assert len(lines) >= 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--patience", 2), ["--patience 2 was given without --split"]),
        (
            ("--split", "random:0.2", "--patience", 2),
            ["has no validation rows", "'random:0.2,0.2'"],
        ),
        (("--split", "every:3", "--patience", 2), ["'every:3' has no validation rows"]),
        ((*WALK[:4], "--patience", 0), ["patience=0"]),
        ((*WALK, "--l2", 1), ["patience=2", "l2=1"]),
    ],
)
def test_what_the_command_refuses(options, words, tmp_path):
    refused(fit(*options, "--out", tmp_path / "m.json"), 2, *words)
    assert contents(tmp_path) == {}


def test_the_end_is_said():
    end = stopped(table(400, 2, signal=3.0, seed=5), patience=100).path
    last = replace(end, best=len(end.points) - 1)
    reads, better = f"({end.reads} reads; ", ": a fit without a penalty would do as well)"
    for path, said in (
        (replace(end, best=3), "the end of the path, 1e-08 of its start)"),
        (last, f"the end of the path, 1e-08 of its start{better}"),
        (replace(last, ended="patience", patience=7), "stopped after 7 without a better one)"),
        (replace(last, ended="not proved"), "the next fit could not be proved)"),
        (replace(last, ended="stopped"), "stopped from outside)"),
    ):
        text = render_path(path)
        assert " ".join(text.split()).endswith(reads + said)
        assert max(map(len, text.splitlines())) <= 80
    entries = path_entries(end)
    assert json.loads(json.dumps(entries)) == entries
    assert [point["l2"] for point in entries["points"]] == [point.l2 for point in end.points]


def test_the_documents_show_what_is_printed():
    """All but the last digits of the proofs, and the reads, which machines may differ in."""
    text = (ANES.parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
    block = text.split("## Parts: `--split`")[1].split("…\n", 1)[1].split("```")[0].splitlines()
    done = fit("--split", "stratified:0.2,0.2", "--patience", 3)
    printed = done.stdout.splitlines()[-len(block) :]
    assert len(block) == 25
    for shown, line in zip(block[:4], printed, strict=False):
        assert shown == line
    for shown, line in zip(block[5:-1], printed[5:-1], strict=True):
        assert shown[:44] == line[:44]
        assert shown[59:] == line[59:]
    assert block[-1].split("; ")[1] == printed[-1].split("; ")[1]
    penalty = next(line for line in block if line.endswith("chosen")).split()[0]
    assert f"`--l2 {penalty} --standardize`" in text
