"""The house: who may import whom, what is public, and what is loaded when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sigmoide

SOURCE = Path(sigmoide.__file__).parent
MODULES = sorted(
    str(path.relative_to(SOURCE).with_suffix("")).replace("/", ".") for path in SOURCE.rglob("*.py")
)

# From a layer to what it may import of ours. A name stands for itself and all that is in it.
MAY = {
    "errors": set(),
    "_version": set(),
    "data": {"errors", "data"},
    "objective": {"data.blocks"},
    "kernels": {"objective", "kernels", "data.blocks", "data.sums", "data.moments"},
    "certificate": {"errors"},
    "solver": {"solver", "certificate"},
    "separation": {"solver.problem", "certificate"},
    "model": {
        "model",
        "separation",
        "solver",
        "certificate",
        "kernels",
        "objective",
        "data",
        "errors",
        "_version",
    },
    "inference": {
        "inference",
        "model",
        "solver.aliasing",
        "certificate",
        "kernels",
        "objective",
        "data",
        "errors",
    },
    "evaluation": {"evaluation", "model", "certificate", "kernels", "objective", "data", "errors"},
    # Records in, text out: a report imports records, and the functions of numbers that it prints.
    "report": {
        "report",
        "data.describe",
        "evaluation.curves",
        "evaluation.gaps",
        "evaluation.plane",
        "evaluation.ridge_path",
        "data.blocks",
        "model.covariance",
        "model.records",
        "model.predict",
        "model.small_sample",
        "model.whole",
        "inference",
        "certificate",
        "objective",
        "errors",
    },
}
# These may import anything, and nothing below imports them.
TOP = {
    "results",
    "estimator",
    "formula",
    "fitting",
    "front",
    "judging",
    "keeping",
    "methods",
    "plain",
    "plotting",
    "splitting",
    "verify",
    "cli",
    "lesson",
    "__main__",
    "__init__",
}

# Each of these in its own few files.
APART = {
    "torch": {"lesson._torch"},
    "sklearn": {"estimator", "lesson.data"},
    "pandas": {
        "front.comparing",
        "front.other_data",
        "front.separation",
        "front.testing",
        "report.comparison",
        "results",
    },
    "formulaic": set(),
    "click": {
        "cli.__init__",
        "cli.compare",
        "cli.describe",
        "cli.evaluate",
        "cli.failures",
        "cli.fit",
        "cli.lesson",
        "cli.options",
        "cli.output",
        "cli.predict",
        "cli.program",
        "cli.show",
        "cli.spooled",
        "cli.verify",
    },
    "rich": {
        "report.comparison_text",
        "report.console",
        "report.description",
        "report.text",
    },
    "pyarrow": {
        "data.binary",
        "data.cells",
        "data.dressed",
        "data.files",
        "data.frames",
        "data.opening",
        "data.source",
        "data.stream.arrow_reader",
        "data.stream.chunks",
        "data.stream.column",
        "data.stream.open",
        "data.stream.parquet_reader",
        "data.stream.text_reader",
        "data.typed",
        "data.values",
    },
    "matplotlib": {
        "report.canvas",
        "report.plots_model",
        "report.plots_plane",
        "report.plots_scores",
        "report.plots_threshold",
    },
    "numba": {
        "kernels.compiled",
        "kernels.panels",
        "kernels.passing",
        "kernels.rows",
        "kernels.vectors",
    },
    "llvmlite": {"kernels.vectors"},
    "threadpoolctl": {"data.threads"},
}


def imports_of(module: str) -> set[str]:
    """Return all that a module imports, wherever in it, for run time or for types only."""
    path = SOURCE / (module.replace(".", "/") + ".py")
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(names: set[str]) -> set[str]:
    """Keep the modules of the package, named without it."""
    inside = {n.removeprefix("sigmoide.") for n in names if n.startswith("sigmoide.")}
    known = set(MODULES) | {m.removesuffix(".__init__") for m in MODULES}
    return inside & known


def layer_of(module: str) -> str:
    return module.split(".")[0]


def within(module: str, allowed: set[str]) -> bool:
    return any(module == a or module.startswith(a + ".") for a in allowed)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_downwards(module):
    layer = layer_of(module)
    assert layer in MAY or layer in TOP, f"{module} has no layer: give it one"
    if layer in TOP:
        return
    for imported in ours(imports_of(module)):
        if imported in ("data", "kernels", "solver", "model", "inference", "evaluation", "report"):
            continue  # the package itself, on the way to a module named beside it
        assert within(imported, MAY[layer]), f"{module} imports {imported}"


def test_objective_and_kernels_see_only_blocks_and_sums():
    for module in MODULES:
        if layer_of(module) in ("objective", "kernels"):
            seen = {m for m in ours(imports_of(module)) if m.startswith("data.")}
            assert seen <= {"data.blocks", "data.sums", "data.moments"}, module


def test_the_solver_cannot_know_where_rows_live():
    for module in MODULES:
        if layer_of(module) in ("solver", "certificate", "separation"):
            assert not {m for m in ours(imports_of(module)) if layer_of(m) == "data"}, module


def test_verification_shares_no_code_with_the_solver():
    """What verify needs, all the way down, holds no solver."""
    seen, queue = set(), ["verify"]
    while queue:
        module = queue.pop()
        if module in seen or module not in MODULES:
            continue
        seen.add(module)
        queue += ours(imports_of(module))
    assert "model.prove" in seen
    assert not {m for m in seen if layer_of(m) in ("solver", "separation")}
    assert "model.fit" not in seen


@pytest.mark.parametrize("package", APART)
def test_outside_packages_stay_in_their_files(package):
    users = {
        module
        for module in MODULES
        if any(name.split(".")[0] == package for name in imports_of(module))
    }
    assert users <= APART[package]


def test_the_public_names():
    assert sorted(sigmoide.__all__, key=str.lower) == sorted(
        [
            "LogisticRegression",
            "Result",
            "__version__",
            "anova",
            "certify",
            "compare",
            "errors",
            "lesson",
            "logit",
            "ReadOptions",
            "read_model",
        ],
        key=str.lower,
    )
    for name in sigmoide.__all__:
        assert getattr(sigmoide, name) is not None
    assert dir(sigmoide) == sigmoide.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sigmoide.nothing


def test_the_tree_of_errors_is_the_one_that_is_printed():
    from sigmoide import errors

    classes = {n: c for n, c in vars(errors).items() if isinstance(c, type)}
    printed = [line for line in errors.__doc__.splitlines() if "Error" in line or "Warning" in line]
    for name, cls in classes.items():
        assert any(name in line for line in printed), name
        assert issubclass(cls, errors.SigmoideError | errors.SigmoideWarning), name
        assert cls.__doc__


HEAVY = ["numpy", "scipy", "pandas", "pyarrow", "sklearn", "torch", "rich", "formulaic", "numba"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["fit", "--help"], 0),
        (["lesson", "--help"], 0),
        (["predict", "--help"], 0),
        (["nothing"], 2),
        (["fit"], 2),
        (["fit", "data.csv"], 2),
        (["fit", "data.csv", "--nothing"], 2),
        (["fit", "data.csv", "--cov", "HC9"], 2),
        (["compare", "--help"], 0),
        (["compare"], 2),
        (["lesson", "--lang", "fr"], 2),
    ],
)
def test_help_and_usage_errors_load_no_scientific_package(arguments, code):
    script = (
        "import sys, sigmoide\n"
        "from sigmoide.cli import main\n"
        f"try: main({arguments!r}, prog_name='sigmoide')\n"
        "except SystemExit as stop: code = stop.code or 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.splitlines()[-1] == f"[] {code}"


def test_importing_the_package_loads_no_scientific_package():
    script = f"import sys, sigmoide\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
