"""The lesson loads torch when it is used and not before, and says what to install without it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sigmoide.lesson
from sigmoide.lesson import handmade, transcript


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_importing_the_lesson_does_not_load_torch():
    done = run("import sys, sigmoide.lesson; print('torch' in sys.modules)")
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("name", ["train", "run_lesson"])
def test_without_torch_it_says_what_to_install(name):
    done = run(
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "import sigmoide.lesson\n"
        "from sigmoide.errors import MissingDependencyError\n"
        "try:\n"
        f"    sigmoide.lesson.{name}\n"
        "except MissingDependencyError as error:\n"
        "    print(error)\n"
    )
    assert 'pip install "sigmoide[torch]"' in done.stdout
    assert "the small CPU build: see 'Installing torch' in the README" in done.stdout
    assert done.stderr == ""


def test_every_public_name_is_there():
    for name in sigmoide.lesson.__all__:
        assert callable(getattr(sigmoide.lesson, name))
    assert set(sigmoide.lesson.__all__) <= set(dir(sigmoide.lesson))


def test_the_public_names_are_the_functions_themselves():
    """A module of the same name would take a function's place once it is imported."""
    assert sigmoide.lesson.regressor is handmade.regressor
    assert sigmoide.lesson.run_lesson is transcript.run_lesson


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sigmoide.lesson.nothing  # noqa: B018
