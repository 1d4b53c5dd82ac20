"""``sigmoide fit --split``: the rows of each part, its scores, and what cannot be asked."""

from __future__ import annotations

import json
from hashlib import blake2b

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

import sigmoide
from support.cli_run import contents, refused, run

TRAIN, TEST, VALIDATION = "train", "test", "validation"


def table(n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=n).round(3),
            "z": rng.normal(size=n).round(3),
            "g": rng.choice(["a", "b", "c"], n),
            "id": [f"k{i // 4}" for i in range(n)],
            "set": rng.choice(["in", "in", "held out", "later"], n),
            "w": rng.integers(1, 4, n),
        }
    )
    eta = frame.x - 0.5 * frame.z + 0.7 * (frame.g == "b") - 1
    frame.insert(0, "y", (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int))
    return frame


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def fit(folder, *options: object):
    return run("fit", folder / "data.csv", "--formula", "y ~ x + z + g", *options)


def drawn(words, seed: int, *shares: float) -> np.ndarray:
    """Say the part of each row, by the hash of its number or key that the documents promise."""
    edges = np.cumsum((0.0, *shares))
    parts = []
    for word in words:
        digest = blake2b(f"{seed}:{word}".encode(), digest_size=8).digest()
        u = int.from_bytes(digest, "big") / 2**64
        inside = np.searchsorted(edges, u, side="right") - 1
        parts.append((TEST, VALIDATION)[inside] if inside < len(shares) else TRAIN)
    return np.array(parts)


def scores_of(found: sigmoide.Result, rows: pd.DataFrame) -> dict[str, float]:
    """Score rows from the coefficients alone, by textbook formulas."""
    b = found.params
    eta = b["Intercept"] + b["x"] * rows.x + b["z"] * rows.z
    eta += b["g[T.b]"] * (rows.g == "b") + b["g[T.c]"] * (rows.g == "c")
    p, y = 1 / (1 + np.exp(-eta)), rows.y
    cases = int(y.sum())
    ranks = rankdata(p)[y == 1].sum()
    return {
        "n": len(rows),
        "log_loss": -np.mean(np.where(y == 1, np.log(p), np.log1p(-p))),
        "brier": np.mean((y - p) ** 2),
        "auc": (ranks - cases * (cases + 1) / 2) / (cases * (len(rows) - cases)),
        "accuracy": np.mean((p >= 0.5) == (y == 1)),
    }


FORMS = [
    (("--split", "every:3"), lambda f: np.where(np.arange(len(f)) % 3 == 0, TEST, TRAIN)),
    (("--split", "random:0.2"), lambda f: drawn(range(len(f)), 0, 0.2)),
    (("--split", "random:0.2", "--seed", 7), lambda f: drawn(range(len(f)), 7, 0.2)),
    (("--split", "random:0.25,0.15"), lambda f: drawn(range(len(f)), 0, 0.25, 0.15)),
    (("--split", "random:0.3", "--split-key", "id"), lambda f: drawn(f.id, 0, 0.3)),
    (
        ("--split", "random:0.3,0.2", "--split-key", "id", "--seed", 2),
        lambda f: drawn(f.id, 2, 0.3, 0.2),
    ),
    (("--split", "column:set=in"), lambda f: f["set"].replace("in", TRAIN).to_numpy()),
    (
        ("--split", "column:set=held out"),
        lambda f: f["set"].replace("held out", TRAIN).to_numpy(),
    ),
]


@pytest.mark.parametrize(("options", "parts_of"), FORMS)
def test_each_part_has_the_scores_of_its_rows(options, parts_of, folder):
    frame = table()
    parts = parts_of(frame)
    held = json.loads(fit(folder, *options, "--out", folder / "m.json", "--json").stdout)
    names = [TRAIN, *sorted(set(parts) - {TRAIN})]
    assert list(held["scores"]) == names
    # the fit is that of the training rows as a file of their own
    by_hand = sigmoide.logit("y ~ x + z + g", frame[parts == TRAIN])
    found = sigmoide.read_model(folder / "m.json")
    np.testing.assert_allclose(found.params, by_hand.params, rtol=1e-9)
    np.testing.assert_allclose(found.bse, by_hand.bse, rtol=1e-9)
    assert found.nobs == (parts == TRAIN).sum()
    for name in names:
        expected = scores_of(by_hand, frame[parts == name])
        for key, value in expected.items():
            assert held["scores"][name][key] == pytest.approx(value, rel=1e-8), (name, key)
    # and what is printed is what was computed
    done = fit(folder, *options)
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    printed = done.stdout.splitlines()[-len(names) :]
    for name, line in zip(names, printed, strict=True):
        assert line.startswith(name)
        shown = [float(word) for word in line.removeprefix(name).split()]
        expected = scores_of(by_hand, frame[parts == name]).values()
        assert shown == pytest.approx(list(expected), abs=5.1e-7, rel=5e-6)
    # what was done stands in the model
    note = next(n for n in found.model.notes if n.startswith("fitted on a part of the rows"))
    assert repr(options[1]) in note
    assert ("seed" in note) == options[1].startswith("random")
    assert ("'id'" in note) == ("--split-key" in options)
    for name in names:
        assert f"{name} {(parts == name).sum()}" in note


def test_stratified(folder):
    """The shares of each class, exactly in every full run of its rows."""
    frame = table()
    for options, (test, validation) in (
        (("--split", "stratified:0.2"), (0.2, 0.0)),
        (("--split", "stratified:0.25,0.25", "--seed", 5), (0.25, 0.25)),
    ):
        held = json.loads(fit(folder, *options, "--json").stdout)
        for name, share in ((TEST, test), (VALIDATION, validation)):
            if share:
                (right, wrong), (missed, hit) = held["scores"][name]["confusion"]
                for count, label in ((right + wrong, 0), (missed + hit, 1)):
                    assert abs(count - share * (frame.y == label).sum()) < 1
        # the scores are those of the model on as many rows; other seeds, other rows
        assert sum(s["n"] for s in held["scores"].values()) == len(frame)
        other = json.loads(fit(folder, *options[:2], "--seed", 6, "--json").stdout)
        assert other["fit"]["coefficients"] != held["fit"]["coefficients"]
        assert other["scores"][TEST]["n"] == held["scores"][TEST]["n"]


@pytest.mark.parametrize("split", ["random:0.3", "every:3", "stratified:0.3"])
def test_rows_stay_where_they_are_when_rows_are_added(split, folder):
    """Rows of no weight below the others change nothing: neither the fit nor the scores."""
    first = json.loads(fit(folder, "--split", split, "--json").stdout)
    longer = pd.concat([table(), table(120)[::-1]])
    longer["w"] = np.where(np.arange(len(longer)) < 300, 1, 0)
    longer.to_csv(folder / "data.csv", index=False)
    again = json.loads(fit(folder, "--split", split, "--frequency", "w", "--json").stdout)
    for name in (TRAIN, TEST):
        assert again["scores"][name]["confusion"] == first["scores"][name]["confusion"]
        assert again["scores"][name]["n"] == first["scores"][name]["n"]
    assert again["fit"]["coefficients"] == pytest.approx(first["fit"]["coefficients"], rel=1e-9)


def test_columns_that_split_are_no_features(folder):
    base = ("fit", folder / "data.csv", "--target", "y", "--exclude", "id,w")
    for options in (("--split", "column:set=in"), ("--split", "random:0.5", "--split-key", "set")):
        done = run(*base, *options, "--json")
        assert done.exit_code == 0, done.stderr
        terms = [term["column"] for term in json.loads(done.stdout)["schema"]["terms"]]
        assert terms == ["x", "z", "g"]
    command = ("fit", folder / "data.csv", "--formula", "y ~ . - id - w")
    held = json.loads(run(*command, "--split", "column:set=in", "--json").stdout)
    assert [term["column"] for term in held["schema"]["terms"]] == ["x", "z", "g"]
    # one that is named is meant
    done = run(*base[:4], "--columns", "x,w", "--split", "random:0.3", "--split-key", "w", "--json")
    assert [t["column"] for t in json.loads(done.stdout)["schema"]["terms"]] == ["x", "w"]


def test_rows_lost_and_levels_unseen_are_said_of_each_part(folder):
    frame = table().astype({"x": object})
    frame.loc[[0, 3, 4], "x"] = ""
    frame.loc[6, "g"] = "only in the test"
    frame.to_csv(folder / "data.csv", index=False)
    done = fit(folder, "--split", "every:3", "--unseen", "reference")
    said = [line for line in done.stderr.splitlines() if not line.startswith("read")]
    assert said == [
        "test: 2 of 100 rows are left out: missing x (2)",
        "test: g: levels that the fit did not see taken for the reference: 1",
    ]
    assert "rows dropped  1: missing x (1)" in done.stdout
    message = refused(fit(folder, "--split", "every:3"), 3, "'only in the test'", "unseen=")
    assert "data.csv, line 8" in message


def test_a_separated_part_is_scored_and_not_proved(folder):
    frame = table()
    frame["wall"] = np.where(frame.y == 1, 1, -1) * (np.arange(len(frame)) % 3 != 0)
    frame.to_csv(folder / "data.csv", index=False)
    done = run("fit", folder / "data.csv", "--formula", "y ~ wall", "--split", "every:3")
    assert done.exit_code == 4
    assert "NOT PROVED" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("test ")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--split", "half"), 2, ["'half' is not one that is known", "'random:0.2'", "'every:3'"]),
        (("--split", "random"), 2, ["'random' needs one share or two"]),
        (("--split", "random:1.5"), 2, ["each above 0, together below 1"]),
        (("--split", "random:0.6,0.4"), 2, ["together below 1"]),
        (("--split", "stratified:"), 2, ["'stratified:' needs one share or two"]),
        (("--split", "every:1"), 2, ["'every:1' needs a whole number of 2 or more"]),
        (("--split", "column:set"), 2, ["'column:set' is not one that is known"]),
        (("--split", "every:3", "--split-key", "id"), 2, ["does not go by a key"]),
        (("--split", "column:set=in", "--split-key", "id"), 2, ["does not go by a key"]),
        (("--split", "every:3", "--seed", 0), 2, ["draws nothing", "a seed (0 was given)"]),
        (("--split", "column:set=in", "--seed", 1), 2, ["draws nothing"]),
        (("--seed", 1), 2, ["--seed 1 was given without --split"]),
        (("--split-key", "id"), 2, ["--split-key id was given without --split"]),
        (("--split", "random:0.2", "--seed", "x"), 2, ["'x' is not a valid integer"]),
        (("--split", "column:sets=in"), 3, ["no column 'sets'; did you mean 'set'?"]),
        (("--split", "column:set=out"), 3, ["'out', which the split says to fit on"]),
        (("--split", "random:0.2", "--split-key", "ids"), 3, ["no column 'ids'"]),
        (("--split", "every:999"), 3, ["the target", "constant"]),
    ],
)
def test_refused(options, code, words, folder):
    before = contents(folder)
    data = folder / "data.csv"
    if options[-1] == "every:999":  # row 0 is the test: the others are all of one class
        table().assign(y=lambda f: (f.index == 0).astype(int)).to_csv(data, index=False)
        before = contents(folder)
    done = fit(folder, *options, "--out", folder / "m.json", "--plots", folder / "p")
    refused(done, code, *words)
    assert contents(folder) == before
    assert not (folder / "p").exists()


def test_a_row_without_a_key_is_refused(folder):
    table().assign(id=lambda f: f.id.mask(f.index == 5)).to_csv(folder / "data.csv", index=False)
    done = fit(folder, "--split", "random:0.2", "--split-key", "id")
    refused(done, 3, "data.csv, line 7", "'id' is to say how the rows are split", "Fill them in")
