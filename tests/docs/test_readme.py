"""The README's transcripts are what is printed, and its Python runs."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sigmoide.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ (.+)\n([\s\S]*?)\n```", README)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def without_seconds(text: str) -> str:
    return re.sub(r"(reads of the data), .* s$", r"\1", text, flags=re.MULTILINE).strip()


def test_transcripts(checkout):
    assert len(CONSOLE) >= 3
    for command, shown in CONSOLE:
        program, *arguments = shlex.split(command)
        assert program == "sigmoide"
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.stderr
        assert without_seconds(done.stdout) == without_seconds(shown)


def test_no_line_of_a_transcript_is_wider_than_a_terminal():
    for _, shown in CONSOLE:
        assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_python_runs(checkout):
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n([\s\S]*?)```", README)
    assert len(blocks) == 3
    for block in blocks:
        exec(block, names)
    assert (checkout / "vote.json").exists()


def test_the_two_commands_come_first():
    assert README.splitlines()[2].strip().startswith("make demo")
    assert README.splitlines()[3].strip().startswith("make test")


def test_every_document_is_there():
    for link in re.findall(r"\]\(([\w/.-]+\.md)\)", README):
        assert (ROOT / link).is_file(), link
