"""The page's texts: two tables with equal keys, put together from one module for each station.

A key is ``<station>.<name>``; ``common`` has none before its dot. Paragraphs of a station are
``p1``, ``p2``, … in order. ``{names}`` are filled in; ``*emphasis*`` and backticked code are all
the markup there is. ``<key>.own`` stands for ``<key>`` where the data are the learner's own; an
empty one leaves the paragraph out.
"""

from __future__ import annotations

from sigmoide.lesson.page.texts import common, s01, s02, s03, s04, s05, s06, s07, s08, s09, s10

_PARTS = {
    "s01": s01,
    "s02": s02,
    "s03": s03,
    "s04": s04,
    "s05": s05,
    "s06": s06,
    "s07": s07,
    "s08": s08,
    "s09": s09,
    "s10": s10,
}


def _table(lang: str) -> dict[str, str]:
    table: dict[str, str] = dict(getattr(common, lang))
    for name, part in _PARTS.items():
        table |= {f"{name}.{key}": text for key, text in getattr(part, lang).items()}
    return table


TABLES: dict[str, dict[str, str]] = {"es": _table("ES"), "en": _table("EN")}
