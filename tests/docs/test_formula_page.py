"""docs/formula.md: its examples run, its limits are those of the code, it names all there is."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import sigmoide
from sigmoide.cli import main
from sigmoide.columns import quantiles as spread
from sigmoide.design import design
from sigmoide.design.functions import orthogonal, splines
from sigmoide.design.functions.arithmetic import FUNCTIONS
from sigmoide.formula import algebra, terms, tokens
from sigmoide.formula.algebra import parse
from sigmoide.formula.arithmetic import STATEFUL

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formula.md").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


def test_examples_run(checkout):
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    blocks = [block for block in re.findall(r"```python\n([\s\S]*?)```", PAGE) if ">>>" in block]
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, names, "formula.md", "formula.md", 0)
        said: list[str] = []
        runner.run(test, out=said.append, clear_globs=False)
        names = test.globs
        assert not said, "".join(said)


def test_commands_and_statements_run(checkout):
    (command,) = re.findall(r"```console\n\$ ([\s\S]*?)\n```", PAGE)
    done = CliRunner().invoke(main, shlex.split(command.replace("\\\n", ""))[1:])
    assert done.exit_code == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    (statement,) = (
        block for block in re.findall(r"```python\n([\s\S]*?)```", PAGE) if ">>>" not in block
    )
    names = {"sigmoide": sigmoide}
    exec(statement, names)
    assert "poly(income, 2)[1]" in names["result"].params.index


def test_every_term_of_the_tables_is_read():
    tables, _ = PAGE.split("## Limits")
    first = re.findall(r"^\| (.+?) \| ", tables.replace("`` `c d` ``", ""), flags=re.MULTILINE)
    cells = [cell for row in first for cell in re.findall("`([^`]+)`", row)]
    assert len(cells) >= 35
    columns = ("y", "a", "b", "c", "g", "x", "vote", "cases", "total")
    for cell in cells:
        if cell in ("vote", "cases / total"):
            assert parse(f"{cell} ~ a", columns).target in ("vote", "cases")
            continue
        term = cell.replace("offset(arithmetic)", "offset(a/b)")
        assert parse(f"y ~ a {term}" if term.startswith("-") else f"y ~ {term}", columns)


def test_every_function_is_on_the_page():
    for name in ("C", "I", "poly", "bs", "cr", "offset", *FUNCTIONS, *STATEFUL):
        assert f"`{name}(" in PAGE


def test_limits_are_those_of_the_code():
    table = dict(re.findall(r"^\| (.+?) \| ([\d,; ]+) \|$", PAGE, flags=re.MULTILINE))
    assert table == {
        "characters": f"{tokens.LONGEST:,}",
        "parentheses in one another": f"{tokens.DEEPEST}",
        "operations in one call": f"{tokens.LONGEST_ARITHMETIC}",
        "columns in a product, and the power of `( )**`": f"{terms.MOST_POWER}",
        "`offset(...)`": f"{tokens.MOST_OFFSETS}",
        "terms": f"{algebra.MOST_TERMS:,}",
        "columns of X made by products": f"{design.MOST_COLUMNS:,}",
        "degree of `poly`; of `bs`": f"{orthogonal.MOST_DEGREE}; {splines.MOST_DEGREE}",
        "`df`, and the number of `knots`": f"{splines.MOST_KNOTS:,}",
    }
    assert f"{spread.MOST_VALUES:,} different values" in PAGE
    assert f"{spread.SAMPLED:,} rows" in PAGE
