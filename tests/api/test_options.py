"""How a fit is asked for: what goes together, in one table for Python and the command line."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sigmoide
from sigmoide.api.incompatible import CLASHES, refuse_incompatible
from sigmoide.api.options import FitOptions, RowRoles, covariance_options, settings
from sigmoide.errors import UsageError
from sigmoide.results.records import Settings
from support.cli_run import refused, run
from support.cli_table import table

PYTHON = [
    {"any_machine": True},
    {"resume": True},
    {"standardize": True},
    {"method": "firth", "l2": 1.0},
    {"penalty_factors": {"x": 0.0}},
    {"cov": "CR1"},
    {"cov": "HC1", "cluster": "g"},
    {"cov": "bootstrap", "cluster": ["g", "n"]},
    {"cluster": ["g", "n", "z"]},
    {"cov": "HC1", "l2": 1.0},
    {"cov": "HC1", "method": "firth"},
    {"weights": "n", "method": "firth"},
    {"weights": np.ones(120), "method": "flac"},
    {"checkpoint": "c", "method": "firth"},
    {"formula": "y ~ x - 1", "method": "flic"},
    {"formula": "y ~ x + offset(z)", "offset": "z"},
]
COMMANDS = [
    ("--any-machine",),
    ("--resume",),
    ("--checkpoint", "c", "--split", "every:3"),
    ("--seed", "1"),
    ("--split-key", "g"),
    ("--patience", "2"),
    ("--standardize",),
    ("--firth", "--l2", "1"),
    ("--penalty-factor", "x=0"),
    ("--replicates", "9"),
    ("--ci", "profile", "--l2", "1"),
    ("--ci", "profile", "--split", "random:0.2,0.2", "--patience", "2"),
    ("--cov", "CR1"),
    ("--cov", "HC1", "--cluster", "g"),
    ("--cov", "bootstrap", "--cluster", "g,n"),
    ("--cluster", "g,n,z"),
    ("--cov", "HC1", "--split", "random:0.2,0.2", "--patience", "2"),
    ("--cov", "HC1", "--l2", "1"),
    ("--cov", "HC1", "--flac"),
    ("--firth", "--split", "random:0.2,0.2", "--patience", "2"),
    ("--weights", "n", "--firth"),
    ("--checkpoint", "c", "--firth"),
    ("--no-intercept", "--flic"),
    ("--formula", "y ~ x + offset(z)", "--offset", "z"),
    ("--formula", "y ~ x", "--columns", "x"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    frame = table()
    frame["g"], frame["n"] = np.arange(len(frame)) % 9, 1 + np.arange(len(frame)) % 3
    frame[["y", "x", "z", "g", "n"]].to_csv(tmp_path / "data.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def clashes_of(message: str) -> set[int]:
    """Return the rows of the table that a message is of."""
    patterns = (re.sub(r"\\\{.*?\}", ".*", re.escape(clash.message)) for clash in CLASHES)
    return {k for k, pattern in enumerate(patterns) if re.fullmatch(pattern, message.strip())}


def in_python(asked: dict[str, object]) -> set[int]:
    with pytest.raises(UsageError) as caught:
        sigmoide.logit(**{"formula": "y ~ x + z", "data": "data.csv", **asked})
    return clashes_of(str(caught.value))


def by_command(options: tuple[str, ...]) -> set[int]:
    target = () if "--formula" in options else ("--target", "y")
    message = refused(run("fit", "data.csv", *target, *options), 2)
    return clashes_of(message.removeprefix("sigmoide: "))


def test_every_clash_is_refused_in_its_words(folder):
    python, commands = [in_python(a) for a in PYTHON], [by_command(o) for o in COMMANDS]
    for asked, found in zip((*PYTHON, *COMMANDS), (*python, *commands), strict=True):
        assert len(found) == 1, asked
    assert set().union(*python, *commands) == set(range(len(CLASHES)))
    assert [path.name for path in folder.iterdir()] == ["data.csv"]


def test_a_clash_speaks_of_its_parameters_and_of_no_other_options():
    for clash in CLASHES:
        code = clash.when.__code__
        assert code.co_varnames == code.co_varnames[: code.co_argcount]
        named = set(re.findall(r"\{(\w+)", clash.message)) - {"label"}
        assert named <= set(code.co_varnames)
        assert "{label}" not in clash.message or "method" in code.co_varnames


def test_of_several_clashes_the_first_of_the_table_is_told():
    with pytest.raises(UsageError, match=r"^cov='HC1' was asked of a penalised fit"):
        refuse_incompatible(method="ml", l2=1.0, cov="HC1", checkpoint=None)
    with pytest.raises(UsageError, match=r"^l2=1 was given with Firth's method"):
        refuse_incompatible(cov="HC1", weights="w", method="firth", l2=1.0)


def test_what_is_not_known_does_not_clash():
    refuse_incompatible()
    refuse_incompatible(standardize=True, method="firth")
    refuse_incompatible(standardize=True, l2=1.0, cov="nonrobust", method="ml", weights="w")


def test_braces_in_what_is_given_are_no_places():
    with pytest.raises(UsageError, match=re.escape("--split-key {l2} {} was given without")):
        refuse_incompatible(option="--split-key {l2} {}", split=None)


def test_what_is_asked_by_default_is_what_the_records_say():
    assert settings() == Settings() == FitOptions().settings
    assert covariance_options(None) == FitOptions().covariance


def test_columns_with_a_role_are_those_that_are_named():
    roles = RowRoles("f", np.ones(3), None, ("g", np.zeros(3)), ("part", None))
    assert roles.columns == ("f", "part", "g")
