"""What is learned of the columns before the fit, from the rows that are used: levels and means."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from sigmoide.data.census import Census, has_levels
from sigmoide.data.design import MOST_COLUMNS, Coding, Design, Policies, Product, Term
from sigmoide.data.encode import missing_refused, no_value
from sigmoide.data.levels import Level, levels_met
from sigmoide.data.ranks import full_rank
from sigmoide.data.rows import Rows
from sigmoide.data.sizes import size_words
from sigmoide.data.source import Source, listed, rows_like_it
from sigmoide.data.tally import MOST, Tally
from sigmoide.data.transform import Told, frozen
from sigmoide.data.values import Values
from sigmoide.data.words import in_formula, is_number, other_sign_hint
from sigmoide.errors import ColumnError, DataError

# More different numbers than this are measurements, even if a word stands among them.
_MANY = 20


def learn_design(
    source: Source,
    terms: tuple[Term, ...],
    values: Mapping[str, Values],
    intercept: bool,
    policies: Policies,
    found: Census,
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
    found : Census
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
    gaps = dict(zip(names, found.gaps, strict=True))
    _refuse_gaps(source, gaps, policies, found)
    if policies.missing == "indicator":
        _refuse_indicators(source, terms, products, gaps)
    codings, full = [], not intercept and not products
    for number, term in enumerate(terms):
        if term.asked is not None:
            codings.append(_learn_transform(source, term, values, found.told[number]))
            continue
        indicator = policies.missing == "indicator" and bool(gaps[term.column])
        held = found.levels[number]
        if has_levels(term, values[term.column]):
            coding = _learn_levels(source, term, values[term.column], held, indicator, full)
            full = False
        else:
            fill = float(found.means.mean[number]) if indicator else None
            kind = values[term.column].kind
            coding = Coding(term.column, term.label, kind, fill=fill, indicator=indicator)
        codings.append(coding)
    made = _products(source, tuple(codings), products, intercept)
    design = Design(tuple(codings), intercept, policies, made)
    _refuse_nothing(source, terms, products, design)
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


def _products(
    source: Source,
    codings: tuple[Coding, ...],
    products: tuple[tuple[int, ...], ...],
    intercept: bool,
) -> tuple[Product, ...]:
    """Return what the columns of X are, where the codings are factors."""
    labels = [":".join(codings[factor].label for factor in term) for term in products]
    made = full_rank(products, [bool(coding.levels) for coding in codings], intercept)
    if made is None:
        raise ColumnError(
            f"{source.name}: the terms multiply too many columns with levels, without the columns "
            "themselves. Write a*b, which is a + b + a:b, or multiply fewer."
        )
    found = tuple(
        Product(label, parts) for label, own in zip(labels, made, strict=True) for parts in own
    )
    columns = 0
    for product in found:
        widths = [len(codings[number].names_of(full=full)) for number, full in product.parts]
        columns += math.prod(widths)
        if columns > MOST_COLUMNS:
            raise ColumnError(
                f"{source.name}: the terms make more than {MOST_COLUMNS:,} columns, "
                f"{product.label!r} alone {math.prod(widths):,}. Leave it out, or make fewer "
                "levels."
            )
    return found


def empty_note(label: str, design: Design) -> str:
    """Say that a term has no column, and why."""
    alone = [c for c in design.codings if len(c.levels) == 1 and c.label in label]
    why = f": {alone[0].column!r} holds {alone[0].levels[0]!r} alone" if alone else ""
    return f"the term {label!r} makes no column in the rows used{why}"


def _refuse_nothing(
    source: Source, terms: tuple[Term, ...], products: tuple[tuple[int, ...], ...], design: Design
) -> None:
    """Refuse a term without columns that was asked for by name."""
    made = products or tuple((number,) for number in range(len(terms)))
    groups = design.groups
    for factors in made:
        label = ":".join(terms[number].label for number in factors)
        if not groups.get(label) and all(terms[number].named for number in factors):
            raise ColumnError(f"{source.name}: {empty_note(label, design)}. Leave it out.")


def _refuse_indicators(
    source: Source,
    terms: tuple[Term, ...],
    products: tuple[tuple[int, ...], ...],
    gaps: Mapping[str, Rows],
) -> None:
    """Refuse to fill in columns where the mean of them would stand for something else."""
    inside = {number for term in products if len(term) > 1 for number in term}
    for number, term in enumerate(terms):
        if term.asked is None and number not in inside:
            continue
        for name in term.columns:
            if gap := gaps[name]:
                where = next(
                    (
                        ":".join(terms[factor].label for factor in made)
                        for made in products
                        if number in made and len(made) > 1
                    ),
                    term.label,
                )
                raise ColumnError(
                    f"{source.name}, {source.place(gap.first)}: {name!r} has no value "
                    f"({rows_like_it(gap.count)}), and missing='indicator' fills in columns that "
                    f"are used as they are; this one is part of {where}. Fill it in, or choose "
                    "missing='drop'."
                )


def _learn_transform(
    source: Source, term: Term, values: Mapping[str, Values], told: Told | None
) -> Coding:
    """Freeze a function of columns."""
    for name in term.columns:
        if values[name].kind != "numeric":
            such = f", such as {values[name].levels[0]!r}" if values[name].levels else ""
            raise ColumnError(
                f"{source.name}: {term.label} needs numbers, and column {name!r} is "
                f"{values[name].kind}{such}. Name a column of numbers."
            )
    if term.asked is None or told is None:
        raise AssertionError(f"nothing was learned of {term.label}")
    if told.without:
        raise no_value(source, term.label, told.without)
    found = frozen(term.asked, told)
    if isinstance(found, str):
        raise ColumnError(f"{source.name}: {term.label} cannot be made: {found}.")
    return Coding(term.column, term.label, "numeric", transform=found)


def _refuse_gaps(
    source: Source, gaps: Mapping[str, Rows], policies: Policies, found: Census
) -> None:
    """Refuse columns, and rows, that miss more than the policy allows."""
    live = found.standing.live
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
    if not found.used:
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
    held: Tally | None,
    indicator: bool,
    full: bool,
) -> Coding:
    met = levels_met(values, held)
    if held is not None and held.more:
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
