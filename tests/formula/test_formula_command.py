"""Models with formulas, from the command line to the pictures: files, streams, tables."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.errors import CheckpointError, UsageError
from sigmoide.sources import options
from support.cli_run import run

FORMULA = (
    "y ~ a*C(g, ref='v') + poly(age, 3) + bs(dose, df=5) + C(h, Sum) + log(dose + 1):C(h, Sum) "
    "+ cr(b, df=3, constraints='center') + I(a/b) + offset(log(b))"
)


def table(rows: int = 20_000) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=rows),
            "b": rng.random(rows) * 3.0 + 0.5,
            "age": rng.integers(18, 90, rows),
            "dose": np.round(rng.random(rows) * 9.0, 3),
            "g": rng.choice(["u", "v", "w"], rows),
            "h": rng.choice(["left", "right"], rows),
            "n": rng.integers(0, 6, rows),
        }
    )
    p = 1.0 / (1.0 + np.exp(-0.5 * frame["a"] + (frame["g"] == "u") - np.log(frame["b"])))
    frame["y"] = (rng.random(rows) < p).astype(int)
    frame["s"] = rng.binomial(frame["n"], p)
    frame.loc[rng.random(rows) < 0.05, "a"] = np.nan
    return frame


@pytest.fixture
def small_machine(monkeypatch):
    """The program itself takes nothing, so that a small table may be too large."""
    monkeypatch.setattr(options, "LEAST", 0)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("formula", [FORMULA, "s / n ~ a*g + poly(age, 2) + offset(b)"])
def test_commands_with_and_without_memory(kind, formula, tmp_path, small_machine):
    path, cache = tmp_path / f"f.{kind}", tmp_path / "cache"
    cache.mkdir()
    frame = table()
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    kept = []
    for more in ((), ("--memory", "4MB", "--cache", cache)):
        out, rows = tmp_path / f"m{len(more)}.json", tmp_path / f"p{len(more)}.csv"
        fitted = run("fit", path, "--formula", formula, "--out", out, *more)
        assert fitted.exit_code == 0, fitted.stderr
        assert ("streamed: the memory allowed" in fitted.stdout) == bool(more)
        assert max(map(len, fitted.stdout.splitlines())) <= 80
        verified = run("verify", out, path, *more)
        assert verified.exit_code == 0, verified.stderr
        judged = run("evaluate", out, path, *more)
        assert judged.exit_code == 0, judged.stderr
        predicted = run("predict", out, path, "--interval", "--out", rows, *more)
        assert predicted.exit_code == 0, predicted.stderr
        shown = run("show", out)
        assert shown.exit_code == 0, shown.stderr
        held = re.sub(r'\n *"(seconds|notes|history)": .*|\n +\[\d.*\]', "", out.read_text())
        schema = held[held.index('"schema"') : held.index('"settings"')]
        kept.append((verified.stdout, judged.stdout, judged.stderr, rows.read_text(), schema))
    assert kept[0] == kept[1]
    assert list(cache.iterdir()) == []


def test_tables_say_what_was_asked(tmp_path):
    path = tmp_path / "f.csv"
    table(2000).to_csv(path, index=False)
    said = run("fit", path, "--formula", FORMULA).stdout
    assert "reference     g: v\nsum contrast  h: right is -1\n" in said
    assert "offset        offset(log(b))" in said
    for term in ("a:C(g, ref='v')[T.u]", "poly(age, 3)[3]", "bs(dose, df=5)[5]", "I(a / b)"):
        assert said.count(f"\n{term}") == 2
    counted = run("fit", path, "--formula", "s / n ~ a").stdout
    assert "Logistic regression of s / n on 1 column (f.csv)" in counted
    assert re.search(r"event +s of n \([\d,]+ of [\d,]+\)", counted)
    assert re.search(r"rows used +1,\d+ of 2,000, [\d,]+ observations by n", counted)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--formula", "y ~ lgo(a)"], 2, ["lgo(...)", "Did you mean log(...)?"]),
        (["--formula", "y ~ poly(age, 99)"], 2, ["a whole number from 1 to 20, not 99"]),
        (["--formula", "y ~ (a + b)**9"], 2, ["a whole number from 1 to 8"]),
        (["--formula", "y ~ scale(poly(a, 2))"], 2, ["poly(...) at character 11 stands by itself"]),
        (["--formula", "y ~ poly(scale(a), 2)"], 2, ["two reads of the data"]),
        (["--formula", "y ~ a*gg"], 3, ["no column 'gg'; did you mean 'g'?"]),
        (["--formula", "y ~ log(a)"], 3, ["f.csv, line ", "the logarithm of -"]),
        (["--formula", "y ~ a + offset(b)", "--offset", "b"], 2, ["another was given besides"]),
        (["--formula", "s / n ~ a", "--frequency", "n"], 2, ["'n' trials, and a frequency"]),
        (["--formula", "s / n ~ a", "--event", "1"], 2, ["a success is the event"]),
        (["--formula", "n / s ~ a"], 3, ["f.csv, line ", "the successes 'n' are "]),
        (["--formula", "y ~ log(b)", "--reference", "log(b)=u"], 2, ["COLUMN=LEVEL"]),
    ],
)
def test_wrong_use(options, code, words, tmp_path):
    path = tmp_path / "f.csv"
    table(300).to_csv(path, index=False)
    done = run("fit", path, *options)
    assert done.exit_code == code
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr, done.stderr


def test_references_of_the_command_line_reach_the_factors(tmp_path):
    path = tmp_path / "f.csv"
    table(2000).to_csv(path, index=False)
    said = run("fit", path, "--formula", "y ~ a*g + poly(age, 2)", "--reference", "g=w").stdout
    assert "\na:g[T.u]" in said
    assert "\na:g[T.w]" not in said


def test_splits_fit_what_the_training_rows_teach(tmp_path):
    path = tmp_path / "f.csv"
    table(3000).to_csv(path, index=False)
    formula = "y ~ a*g + poly(age, 2) + cr(dose, df=4, constraints='center')"
    done = run("fit", path, "--formula", formula, "--split", "random:0.2,0.2", "--patience", "3")
    assert done.exit_code == 0, done.stderr
    counted = run("fit", path, "--formula", "s / n ~ a*g", "--split", "every:4")
    assert counted.exit_code == 0, counted.stderr


def test_a_checkpoint_knows_its_formula(tmp_path):
    frame, path = table(3000), tmp_path / "kept"

    def stop(reading: object) -> bool:
        if path.exists():
            raise KeyboardInterrupt
        return False

    whole = sigmoide.logit(FORMULA, frame)
    with pytest.raises(KeyboardInterrupt):
        sigmoide.logit(FORMULA, frame, checkpoint=path, on_read=stop)
    assert path.exists()
    other = FORMULA.replace("poly(age, 3)", "poly(age, 2)")
    with pytest.raises(CheckpointError):
        sigmoide.logit(other, frame, checkpoint=path, resume=True)
    resumed = sigmoide.logit(FORMULA, frame, checkpoint=path, resume=True)
    np.testing.assert_array_equal(resumed.params, whole.params)


def test_pictures(tmp_path):
    frame = table(1500)
    found = sigmoide.logit(FORMULA, frame)
    found.plot.coefficients(odds=True)
    found.plot.roc(frame[frame["a"].notna()])
    for formula, words in (
        ("y ~ a*dose", "and products of them"),
        ("y ~ a + log(dose + 1)", "log(dose + 1) (function)"),
    ):
        model = sigmoide.logit(formula, frame)
        assert not model.plot.has_surface
        with pytest.raises(UsageError, match="exactly two numeric columns") as caught:
            model.plot.surface(frame)
        assert words in str(caught.value)
    folder = tmp_path / "plots"
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    for formula in (FORMULA, "s / n ~ a*g", "y ~ a*dose"):
        done = run("fit", path, "--formula", formula, "--plots", folder)
        assert done.exit_code == 0, done.stderr
