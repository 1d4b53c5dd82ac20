"""What ``sigmoide fit`` asks of the data: a target and columns, or a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sigmoide.cli.options import names
from sigmoide.errors import UsageError

if TYPE_CHECKING:
    from sigmoide.design.design import Term
    from sigmoide.design.prepare import Request
    from sigmoide.design.split import Split
    from sigmoide.sources.source import Source


def request_of(
    source: Source,
    target: str | None,
    formula: str | None,
    asked: dict[str, Any],
    split: Split | None = None,
) -> Request:
    """Gather what is asked of the data, from a target and columns, or from a formula.

    Columns that weigh, shift, split or cluster the rows are no features, unless they are named as
    such.
    """
    from sigmoide.api.logit import offset_of, policies
    from sigmoide.design.design import Term
    from sigmoide.design.prepare import Request
    from sigmoide.formula import parse

    roles = {role: asked[role] for role in ("frequency", "weights", "offset")}
    splitting = () if split is None else (split.column, split.key)
    clusters = names("--cluster", asked["cluster"])
    apart = tuple(name for name in (*roles.values(), *splitting, *clusters) if name)
    wanted = names("--columns", asked["columns"])
    unwanted = names("--exclude", asked["exclude"])
    intercept = not asked["no_intercept"]
    products: tuple[tuple[int, ...], ...] = ()
    trials = None
    if target is None:
        if wanted or unwanted:
            raise UsageError(
                "--columns and --exclude go with --target; a formula names its columns itself: "
                "'y ~ a + b', or 'y ~ . - c'."
            )
        read = parse(formula or "", source.names, apart)
        target, terms = read.target, read.terms
        products, trials = read.products, read.trials
        roles["offset"] = offset_of(read, roles["offset"])
        intercept = intercept and read.intercept
    else:
        for name in (target, *wanted, *unwanted):
            source.column(name)
        wanted = wanted or tuple(name for name in source.names if name not in (target, *apart))
        terms = tuple(Term(name, name) for name in wanted if name not in unwanted)
    return Request(
        target,
        _with_references(terms, asked["reference"]),
        intercept,
        asked["event"],
        policies=policies(asked["missing"], asked["unseen"]),
        products=products,
        trials=trials,
        **roles,
    )


def _with_references(terms: tuple[Term, ...], pairs: tuple[str, ...]) -> tuple[Term, ...]:
    from dataclasses import replace

    chosen = {}
    for pair in pairs:
        # The longest name that fits: a column's name may hold a sign of equality itself.
        columns = [t.column for t in terms if t.asked is None]
        fitting = [column for column in columns if pair.startswith(f"{column}=")]
        if not fitting:
            raise UsageError(
                f"--reference {pair!r} was given; write it as COLUMN=LEVEL, with a column of the "
                "model."
            )
        column = max(fitting, key=len)
        chosen[column] = pair[len(column) + 1 :]
    return tuple(
        replace(term, reference=chosen[term.column], categorical=True)
        if term.column in chosen and term.asked is None
        else term
        for term in terms
    )
