"""What is learned of the columns before the fit, from the rows that are used: levels and means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sigmoide.arguments.words import size_words
from sigmoide.columns.account import WEIGHTLESS, Rows
from sigmoide.columns.tally import MOST, Tally
from sigmoide.columns.values import Values
from sigmoide.columns.words import in_formula, is_number, other_sign_hint
from sigmoide.design.census import Census, Columns, Standing, has_levels
from sigmoide.design.design import Coding, Design, Policies, Request, Term
from sigmoide.design.encode import missing_refused
from sigmoide.design.learn_functions import (
    empty_note,
    learn_products,
    learn_transform,
    refuse_indicators,
    refuse_nothing,
)
from sigmoide.design.levels import Level, levels_met
from sigmoide.design.roles import AskedRoles, refuse_roles
from sigmoide.design.target import Target, choose_event, counted_target
from sigmoide.errors import ColumnError, DataError, TargetError, UsageError
from sigmoide.sources.source import Source, listed, rows_like_it

# More different numbers than this are measurements, even if a word stands among them.
_MANY = 20


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned of data before the fit.

    Attributes
    ----------
    design, target
        How rows become numbers.
    dropped : dict
        From the reason to the number of rows.
    notes : tuple of str
        What the reader should know.
    """

    design: Design
    target: Target
    dropped: dict[str, int]
    notes: tuple[str, ...]


def learn(
    source: Source, request: Request, roles: AskedRoles, columns: Columns, counts: Census
) -> Learned:
    """Learn from what was counted of all rows.

    Parameters
    ----------
    source : Source
        Whose rows they are: its name, and where its rows stand.
    request, roles
        What is asked of them.
    columns : Columns
        What the columns are: kinds and levels. Their rows are not looked at.
    counts : Census
        The counts.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    refuse_roles(source, roles, counts.standing.faults, counts.standing.rows)
    refuse_outside(source, request.target, roles, request.policies, counts.standing)
    design = learn_design(
        source,
        request.terms,
        columns.values,
        request.intercept,
        request.policies,
        counts,
        request.products,
    )
    target = _target(source, request, columns, counts)
    notes = [note for v in (columns.answer, *columns.values.values()) if (note := v.note)]
    for term in request.terms:
        if term.asked is not None:
            continue
        if note := mixed_note(columns.values[term.column], term, source.decimal):
            notes.append(note)
    notes += [empty_note(label, design) for label, names in design.groups.items() if not names]
    if target.notice:
        notes.append(target.notice)
    filled = [coding.column for coding in design.codings if coding.indicator]
    lost = counts.reasons.without(filled).counted()
    return Learned(design, target, lost | weightless(counts.standing), tuple(notes))


def _target(source: Source, request: Request, columns: Columns, counts: Census) -> Target:
    if request.trials is None or counts.counted is None:
        return choose_event(
            source, columns.answer, counts.answers, counts.standing.rows, request.event
        )
    if request.event is not None:
        raise UsageError(
            f"an event was given, and {request.target!r} counts successes among "
            f"{request.trials!r} trials: a success is the event. Leave the event out."
        )
    return counted_target(source, request.target, request.trials, counts.counted)


def learn_design(
    source: Source,
    terms: tuple[Term, ...],
    values: Mapping[str, Values],
    intercept: bool,
    policies: Policies,
    counts: Census,
    products: tuple[tuple[int, ...], ...] = (),
) -> Design:
    """Learn levels, means and transforms from the rows of positive weight.

    Parameters
    ----------
    source, terms
        What was asked for, and of which data.
    values : mapping
        Every column that a term names: what it is, and the levels of all its rows.
    intercept : bool
        Without one, the first term with levels gets a column for each of them, whatever its
        reference, as in R.
    policies : Policies
        Under ``"drop"`` a row with anything missing teaches nothing.
    counts : Census
        What the rows tell.
    products : tuple of tuple of int
        Where the terms are factors: the numbers of those that are multiplied.

    Raises
    ------
    ColumnError
        For a column with no values, text that is an identifier, an unknown reference level, a
        function of columns that are no numbers, a product that makes no column.
    DataError
        For missing values under ``"error"``, values of which a function has none, or when no row
        is left.
    """
    names = tuple(dict.fromkeys(name for term in terms for name in term.columns))
    gaps = dict(zip(names, counts.gaps, strict=True))
    _refuse_gaps(source, gaps, policies, counts)
    if policies.missing == "indicator":
        refuse_indicators(source, terms, products, gaps)
    codings, full = [], not intercept and not products
    for number, term in enumerate(terms):
        if term.asked is not None:
            codings.append(learn_transform(source, term, values, counts.told[number]))
            continue
        indicator = policies.missing == "indicator" and bool(gaps[term.column])
        tally = counts.levels[number]
        if has_levels(term, values[term.column]):
            coding = _learn_levels(source, term, values[term.column], tally, indicator, full)
            full = False
        else:
            fill = float(counts.means.mean[number]) if indicator else None
            kind = values[term.column].kind
            coding = Coding(term.column, term.label, kind, fill=fill, indicator=indicator)
        codings.append(coding)
    made = learn_products(source, tuple(codings), products, intercept)
    design = Design(tuple(codings), intercept, policies, made)
    refuse_nothing(source, terms, products, design)
    for name, times in Counter(design.names).items():
        if times > 1 or (intercept and name == "Intercept"):
            raise ColumnError(
                f"{source.name}: two terms of the model would be called {name!r}. "
                "Rename one of the columns."
            )
    return design


def mixed_note(values: Values, term: Term, decimal: str) -> str:
    """Say that a column is text for a few words among numbers; nothing if it is not so."""
    if values.kind != "text" or term.categorical:
        return ""
    strange = [level for level in values.levels if not is_number(level, decimal)]
    if not strange or 2 * len(strange) >= len(values.levels):
        return ""
    return (
        f"column {term.column!r} is text, because {listed(strange, 3)} is no number; its "
        f"{len(values.levels)} values are levels"
    )


def _refuse_gaps(
    source: Source, gaps: Mapping[str, Rows], policies: Policies, counts: Census
) -> None:
    """Refuse columns, and rows, that miss more than the policy allows."""
    live = counts.standing.live
    for name, gap in gaps.items():
        if gap.count == live > 0:
            raise ColumnError(
                f"{source.name}: column {name!r} has no values at all in the rows used. Leave it "
                f"out (--exclude {name}, or a formula without it)."
            )
    for name, gap in gaps.items():
        if policies.missing == "error" and gap:
            remedy = "fill them in, or choose missing='drop' or missing='indicator'"
            raise missing_refused(source, name, gap, remedy)
    if not counts.used:
        most = max(gaps, key=lambda name: gaps[name].count)
        raise DataError(
            f"{source.name}: every row misses a value in some column, most often in {most!r} "
            f"({gaps[most].count} of {live} rows). Leave that column out, or "
            "choose missing='indicator'."
        )


def _learn_levels(
    source: Source,
    term: Term,
    values: Values,
    tally: Tally | None,
    indicator: bool,
    full: bool,
) -> Coding:
    met = levels_met(values, tally)
    if tally is not None and tally.more:
        raise ColumnError(
            f"{source.name}: column {term.column!r} has more than {MOST:,} different values, such "
            f"as {met[0].word!r} ({source.place(met[0].first)}). So many levels teach nothing: "
            "leave it out, or make fewer of them."
        )
    if not term.categorical:
        _refuse_numbers_with_words(source, term, met)
    levels = tuple(level.word for level in met)
    rows = sum(level.count for level in met)
    if len(levels) == rows > 2 and values.kind != "boolean":
        early = min(met, key=lambda level: level.first)
        raise ColumnError(
            f"{source.name}: column {term.column!r} has as many levels as rows ({len(levels)}), "
            f"such as {early.word!r} ({source.place(early.first)}). An identifier "
            "teaches nothing: leave it out, or make fewer levels of it."
        )
    usual = levels[-1] if term.contrast == "sum" else levels[0]
    reference = term.reference if term.reference is not None else usual
    if reference not in levels:
        raise ColumnError(
            f"{source.name}: {reference!r} was chosen as the reference level of "
            f"{term.column!r}, whose levels in the rows used are {listed(levels)}. Choose one "
            "of them."
        )
    return Coding(
        term.column,
        term.label,
        values.kind,
        levels,
        None if full else reference,
        indicator=indicator,
        contrast=term.contrast,
    )


def _refuse_numbers_with_words(source: Source, term: Term, met: tuple[Level, ...]) -> None:
    """Refuse a column of measurements that one word has made text of."""
    decimal = source.decimal
    words = [level for level in met if not is_number(level.word, decimal)]
    if not words:
        return
    hints = {level.word: other_sign_hint(level.word, decimal) for level in words}
    strange = sum(level.count for level in words)
    rows = sum(level.count for level in met)
    signed = [level for level in words if hints[level.word]]
    measured = rows - strange + sum(level.count for level in signed)
    few = len(met) - len(words) + len(signed) <= min(_MANY, rows // 2)
    if few or 2 * measured <= rows:
        return
    early = min(words, key=lambda level: level.first)
    remedy = (source.untyped and hints[early.word]) or (
        " Mend the value, or make it missing; if these are labels, use "
        f"C({in_formula(term.column)}) in a formula; or leave the column out."
    )
    raise ColumnError(
        f"{source.name}, {source.place(early.first)}: column {term.column!r} holds "
        f"{early.word!r}, which is no number, where most values are numbers "
        f"({rows_like_it(strange)}).{remedy}"
    )


def refuse_too_large(source: Source, design: Design, rows: int, memory: int) -> None:
    """Refuse a table that the memory does not hold, before the system ends the program for it.

    Parameters
    ----------
    source, design
        The data, and what was learned of them.
    rows : int
        Rows of the design that are in memory at a time.
    memory : int
        In bytes.
    """
    d = len(design.names)
    needed = 8 * d * (rows + 2 * d)
    if needed > memory:
        groups = design.groups
        widest = max(groups, key=lambda label: len(groups[label]))
        if not design.products:
            widest = max(design.codings, key=lambda coding: len(coding.names)).column
        most = max(len(names) for names in groups.values())
        raise DataError(
            f"{source.name}: {d:,} columns need {size_words(needed)} of memory, more than the "
            f"{size_words(memory)} that there are; {widest!r} alone makes "
            f"{most:,} of the columns. Leave it out, or make fewer levels of it."
        )


def checked_names(request: Request) -> list[str]:
    """Return the columns of the model, if they can be used together."""
    names = [term.column for term in request.terms if term.asked is None]
    columns = list(request.columns)
    if not request.terms and not request.intercept:
        raise UsageError(
            "the model has no intercept and no column: nothing is left to estimate. Add one."
        )
    if request.trials is not None and request.trials in columns:
        raise UsageError(
            f"the trials {request.trials!r} are also among the columns of the model. Leave them "
            "out on the right."
        )
    if request.target in columns:
        raise UsageError(
            f"the target {request.target!r} is also among the columns of the model: it would "
            "explain itself. Leave it out on the right."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            f"column {twice!r} is asked for twice. Keep one: as it is, or as levels, "
            f"C({in_formula(twice)})."
        )
    return columns


def weightless(standing: Standing) -> dict[str, int]:
    """Return the rows of no weight as a reason, if there are any."""
    empty = standing.rows - standing.weighted
    return {WEIGHTLESS: empty} if empty else {}


def refuse_outside(
    source: Source, target: str, roles: AskedRoles, policies: Policies, standing: Standing
) -> None:
    """Refuse rows that miss what no policy can fill in: the target, or the offset."""
    offset = roles.names.offset or "offset"
    for name, gone in ((target, standing.target), (offset, standing.offset)):
        if not gone:
            continue
        if gone.count == standing.weighted:
            what, error = ("target", TargetError) if name == target else ("offset", DataError)
            raise error(
                f"{source.name}: the {what} {name!r} has no value in any row. Name another "
                "column, or fill it in."
            )
        if policies.missing == "error":
            raise missing_refused(source, name, gone, "fill them in, or choose missing='drop'")
    if not standing.live:
        raise DataError(
            f"{source.name}: no row has both a target and an offset. Fill one of them in."
        )
