"""The command line, run as a test wants it."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

from click.testing import CliRunner, Result

from sigmoide.cli import main


def run(*arguments: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, [str(a) for a in arguments])


def really_run(*arguments: object, **kwargs: object) -> subprocess.CompletedProcess:
    """Run a command as a shell would."""
    return subprocess.run(
        [sys.executable, "-m", "sigmoide", *(str(a) for a in arguments)],
        capture_output=True,
        timeout=60,
        **kwargs,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, hidden ones too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def controls(text: str) -> set[str]:
    """Return the characters of a text that could steer a terminal."""
    return {
        c
        for c in text
        if c != "\n"
        and (unicodedata.category(c)[0] == "C" or unicodedata.category(c) in ("Zl", "Zp"))
    }


def refused(done: Result, code: int, *words: str) -> str:
    """Check that a command ended with that code, one message and nothing else; return it."""
    assert done.exit_code == code, (done.exit_code, done.stderr, done.exception)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not controls(done.stderr)
    message = done.stderr.strip()
    assert message.startswith("sigmoide: ") or "sigmoide: " in message
    for word in words:
        assert word in message, (word, message)
    # what was asked, why not, what instead: a whole sentence, and one more
    assert message.endswith((".", ")", "…")), message
    return message


def refused_and_untouched(folder: Path, code: int, *arguments: object, words: tuple = ()) -> str:
    """Check that a refused command leaves nothing behind, whether or not its output was there."""
    out = folder / "out.json"
    for held in (None, "an old file\n"):
        out.unlink(missing_ok=True)
        if held is not None:
            out.write_text(held)
        before = contents(folder)
        message = refused(run(*arguments, "--out", out), code, *words)
        assert contents(folder) == before
    out.unlink()
    assert not [name for name in os.listdir(folder) if name.startswith(".")]
    return message
