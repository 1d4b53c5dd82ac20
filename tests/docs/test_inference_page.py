"""docs/inference.md: its examples run, and print what the page shows."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from sigmoide.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "inference.md").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


def test_the_examples_run(checkout):
    examples = "\n".join(re.findall(r"```pycon\n([\s\S]*?)```", PAGE))
    test = doctest.DocTestParser().get_doctest(examples, {}, "inference.md", None, 0)
    assert len(test.examples) > 30
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    try:
        failed, _ = runner.run(test, out=said.append)
    finally:
        # The page sets them.
        for name in ("width", "max_columns", "precision"):
            pd.reset_option(f"display.{name}")
    assert not failed, "".join(said)


def test_the_transcripts(checkout):
    transcripts = re.findall(r"```console\n\$ (.+)\n([\s\S]*?)\n```", PAGE)
    assert transcripts
    for command, shown in transcripts:
        done = CliRunner().invoke(main, shlex.split(command)[1:])
        assert done.exit_code == 0, done.stderr
        clean = [re.sub(r", [\d.e-]+ s$", "", t) for t in (done.stdout.rstrip("\n"), shown)]
        lines = [re.sub(r"(reads of the data), .* s$", r"\1", t, flags=re.M) for t in clean]
        assert lines[0] == lines[1]
        assert max(map(len, shown.splitlines())) <= 80
