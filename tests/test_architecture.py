"""The house: who may import whom, how large things may be, what is public, what is loaded when.

Budgets have exceptions, each listed by name below. A list is what there is, no more and no less: an
exception that is mended is struck off, and none is added unless ``docs/architecture.md`` says why.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import types
import warnings
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

import sigmoide
from support import count_calls

SOURCE = Path(sigmoide.__file__).parent
MODULES = sorted(
    str(path.relative_to(SOURCE).with_suffix("")).replace("/", ".") for path in SOURCE.rglob("*.py")
)

# The rooms, from the ground upwards: a room may import those of its own storey and of all below it.
STOREYS = (
    ("errors", "arguments", "_version"),
    ("blocks",),
    ("columns", "sources", "design"),
    ("formula",),
    ("problem", "kernels"),
    ("solver",),
    ("proof",),
    ("results",),
    ("fit",),
    ("inference", "evaluation"),
    ("report", "pictures", "modelfile"),
    ("api",),
    ("lesson",),
    ("__init__",),
    ("cli",),
    ("__main__",),
)
STOREY = {room: number for number, rooms in enumerate(STOREYS) for room in rooms}
# The public functions and what they share, in their order: each may import what stands before it.
API = (
    "apply_model",
    "certify",
    "describe",
    "estimator_checks",
    "incompatible",
    "options",
    "paths",
    "rows",
    "terms",
    "covariances",
    "logistic_regression",
    "other_data",
    "statistics",
    "testing",
    "plots",
    "result",
    "compare",
    "logit",
    "split",
)
# What a room may not import although it stands above it.
APART_BY_DESIGN = {
    "solver": {"blocks", "columns", "sources", "design", "formula", "kernels"},
    "problem": {"columns", "sources", "design", "formula"},
    "kernels": {"columns", "sources", "design", "formula"},
    "proof": {"columns", "sources", "design", "formula"},
    "inference": {"evaluation"},
    "evaluation": {"inference"},
}
# Records in, text out: a report imports records, and the functions of numbers that it prints.
RECORDS = {
    "arguments",
    "errors",
    "results",
    "report",
    "pictures",
    "modelfile",
    "design.describe",
    "evaluation.curves",
    "evaluation.gaps",
    "evaluation.plane",
    "evaluation.ridge_path",
    "blocks.block",
    "inference",
    "proof.certificate",
    "problem.objective",
}

# --- budgets, and what is over them
CIRCLES = [
    {"lesson.finite", "lesson.handmade", "lesson.stopping"},
    {
        "report.html",
        "report.latex",
        "report.markdown",
        "report.text",
        "report.small_sample",
        "report.tables",
    },
]
NAMED_TWICE = {
    "Expression",
    "Origin",
    "Plane",
    "Rows",
    "Words",
}
LONG_FILES = {"api.logistic_regression", "evaluation.curves", "report.tables", "api.result"}
# A command, a station or a format is a file of its own, however short it is.
OF_A_FAMILY = {"cli", "lesson.page.stills", "lesson.page.stations", "lesson.page.texts"}
SPLINTERS = {
    "lesson.page.writing",
    "pictures.plots",
    "report.description",
}
LONG_BODIES = {
    "kernels.compiled.slope:_slope",
    "kernels.compiled.curvature:_look",
    "modelfile.to_json:to_json",
}
MANY_ARGUMENTS = {
    # scikit-learn's and statsmodels' conventions, and the notebook's
    "api.logistic_regression:__init__",
    "api.logit:logit",
    "api.split:fit_split",
    "lesson.handmade:train",
    # compiled: records would cost more than the work
    "kernels.compiled.columns:_moments",
    "kernels.compiled.slope:_slope",
    "kernels.compiled.curvature:_look",
    "kernels.compiled.whitening:_extent",
}
# statsmodels' convention; the compiler's interface
MANY_METHODS = {"api.result:Result", "kernels.compiled.vectors:Vectors"}
PUBLIC_MODULES = {"errors", "lesson"}
MOST_LINES = 37_639
MOST_FILES = {
    "sigmoide fit FILE.csv": 72,
    "logit of a frame, with its summary": 61,
    "LogisticRegression.fit": 25,
}

# Each of these in its own few files.
APART = {
    "torch": {"lesson._torch"},
    "sklearn": {"api.logistic_regression", "lesson.data"},
    "pandas": {
        "api.compare",
        "api.other_data",
        "api.statistics",
        "api.testing",
        "report.comparison",
        "api.result",
    },
    "formulaic": set(),
    "click": {
        "cli.__init__",
        "cli.compare",
        "cli.describe",
        "cli.evaluate",
        "cli.process",
        "cli.fit",
        "cli.lesson",
        "cli.options",
        "cli.program",
        "cli.predict",
        "cli.show",
        "cli.verify",
    },
    "rich": {
        "report.comparison",
        "report.text",
        "report.description",
    },
    "pyarrow": {
        "arguments.arrow",
        "columns.cells",
        "sources.files",
        "sources.frames",
        "sources.source",
        "sources.arrow",
        "sources.chunks",
        "design.stream.column",
        "sources.formats",
        "sources.parquet",
        "sources.csv.reader",
        "columns.typed",
        "columns.values",
    },
    "matplotlib": {
        "pictures.canvas",
        "pictures.model",
        "pictures.plane",
        "pictures.scores",
        "pictures.threshold",
    },
    "numba": {
        "kernels.compiled.compiler",
        "kernels.compiled.panels",
        "kernels.compiled.passing",
        "kernels.compiled.rows",
        "kernels.compiled.vectors",
    },
    "llvmlite": {"kernels.compiled.compiler", "kernels.compiled.vectors"},
    "threadpoolctl": {"blocks.threads"},
}


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse((SOURCE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


@cache
def imports_of(module: str) -> frozenset[str]:
    """Return all that a module imports, wherever in it, for run time or for types only."""
    found = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def ours(names: frozenset[str]) -> set[str]:
    """Keep the modules of the package, named without it."""
    inside = {n.removeprefix("sigmoide.") for n in names if n.startswith("sigmoide.")}
    known = set(MODULES) | {m.removesuffix(".__init__") for m in MODULES}
    return inside & known


@cache
def neighbours(module: str) -> frozenset[str]:
    """Return the modules that a module imports something from, each by its own name."""
    known = set(MODULES)
    found = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}".removeprefix("sigmoide.")
                found.add(inner if {inner, f"{inner}.__init__"} & known else node.module)
    named = {n.removeprefix("sigmoide.") for n in found if n != "sigmoide"}
    here = {n if n in known else f"{n}.__init__" for n in named} & known
    return frozenset(here | ({"__init__"} if "sigmoide" in found else set())) - {module}


def room_of(module: str) -> str:
    return module.split(".")[0]


def within(module: str, allowed: set[str]) -> bool:
    return any(module == a or module.startswith(a + ".") for a in allowed)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_downwards(module):
    room = room_of(module)
    assert room in STOREY, f"{module} has no storey: give it one"
    for imported in neighbours(module):
        lower = room_of(imported)
        assert STOREY[lower] <= STOREY[room], f"{module} imports {imported}"
        assert lower not in APART_BY_DESIGN.get(room, ()), f"{module} imports {imported}"
        if lower == room == "api":
            order = [*map("api.{}".format, API)]
            assert order.index(imported) < order.index(module), f"{module} imports {imported}"
        if room in ("report", "pictures"):
            assert within(imported, RECORDS), f"{module} imports {imported}"


def test_the_order_of_the_api_is_of_all_its_files():
    assert {f"api.{name}" for name in API} == {m for m in MODULES if room_of(m) == "api"} - {
        "api.__init__"
    }


def circles() -> list[set[str]]:
    """Return the groups of modules that import each other, by whatever ways round."""
    reach = {module: set(neighbours(module)) for module in MODULES}
    for through in MODULES:
        for module in MODULES:
            if through in reach[module]:
                reach[module] |= reach[through]
    groups = {frozenset(o for o in reach[m] if m in reach[o]) for m in MODULES if m in reach[m]}
    return sorted(map(set, groups), key=sorted)


def test_circles_of_imports():
    assert circles() == CIRCLES


def definitions(module: str) -> list[ast.FunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in ast.walk(parsed(module)) if isinstance(node, kinds)]


def test_a_class_name_means_one_thing():
    places = defaultdict(set)
    for module in MODULES:
        for node in parsed(module).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].add(module)
    assert {name for name, modules in places.items() if len(modules) > 1} == NAMED_TWICE


def lines_of(module: str) -> int:
    return (SOURCE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8").count("\n")


def test_files_are_neither_long_nor_splinters():
    importers = Counter(other for module in MODULES for other in neighbours(module))
    long = {module for module in MODULES if lines_of(module) > 400}
    assert long == LONG_FILES
    splinters = {
        module
        for module in MODULES
        if lines_of(module) < 60
        and importers[module] == 1
        and not within(module, OF_A_FAMILY)
        and not module.endswith("__init__")
    }
    assert splinters == SPLINTERS


def test_functions_are_short_and_take_few_arguments():
    bodies, arguments = set(), set()
    for module in MODULES:
        for node in definitions(module):
            if isinstance(node, ast.ClassDef):
                continue
            told = node.args
            names = [a.arg for a in (*told.posonlyargs, *told.args, *told.kwonlyargs)]
            count = len([n for n in names if n not in ("self", "cls")])
            count += (told.vararg is not None) + (told.kwarg is not None)
            first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
            if node.body[-1].end_lineno - first.lineno >= 60:
                bodies.add(f"{module}:{node.name}")
            if count > 12:
                arguments.add(f"{module}:{node.name}")
    assert bodies == LONG_BODIES
    assert arguments == MANY_ARGUMENTS


def test_classes_have_few_methods():
    found = {
        f"{module}:{node.name}"
        for module in MODULES
        for node in definitions(module)
        if isinstance(node, ast.ClassDef)
        and sum(isinstance(part, ast.FunctionDef) for part in node.body) > 20
    }
    assert found == MANY_METHODS


def test_no_public_name_is_that_of_a_module():
    """A function and a module of one name shadow each other from the second access on."""
    direct = {m.split(".")[0] for m in MODULES} - {"__init__", "__main__"}
    same = {name for name in sigmoide.__all__ if name in direct}
    assert same == PUBLIC_MODULES
    for name in same:
        assert isinstance(getattr(sigmoide, name), types.ModuleType)


def test_the_package_without_the_lesson_has_so_many_lines_at_most():
    assert sum(lines_of(m) for m in MODULES if room_of(m) != "lesson") <= MOST_LINES


@pytest.mark.parametrize("journey", MOST_FILES)
def test_a_call_goes_through_few_files(journey):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = count_calls.count(count_calls.JOURNEYS[journey])
    assert len(found.files) <= MOST_FILES[journey], found.files


def test_verification_shares_no_code_with_the_solver():
    """What verify needs, all the way down, holds no solver."""
    seen, queue = set(), ["api.certify"]
    while queue:
        module = queue.pop()
        if module in seen or module not in MODULES:
            continue
        seen.add(module)
        queue += ours(imports_of(module))
    assert "proof.full_hessian" in seen
    assert not {m for m in seen if room_of(m) == "solver"}
    assert "fit.driver" not in seen


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
            "describe",
            "errors",
            "fit_split",
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
        (["fit", "data.csv", "--target", "y", "--split", "every:3", "--checkpoint", "c"], 2),
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
