"""The legend of a picture, in HTML: the same with JavaScript and without."""

from __future__ import annotations

import json

from sigmoide.lesson.page.markup import escaped, inline
from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.plane import shortened
from sigmoide.lesson.page.words import Words

Entry = tuple[str, str, dict[str, float]]

_LINE = '<line class="{}" x1="1" y1="7" x2="25" y2="7"/>'
MARKS = {
    "c0": '<circle class="point c0" cx="13" cy="7" r="4.5"/>',
    "c1": '<rect class="point c1" x="9" y="3" width="8" height="8"/>',
    "hollow": '<circle class="point c0 hollow" cx="7" cy="7" r="4.5"/>'
    '<rect class="point c1 hollow" x="15" y="3" width="8" height="8"/>',
    "boundary": _LINE.format("boundary"),
    "contour": _LINE.format("contour"),
    "best": _LINE.format("best"),
    "arrow": '<path class="arrows" d="M2 7H22M17 3L23 7L17 11"/>',
    "loss": _LINE.format("curve"),
    "test_loss": _LINE.format("curve second"),
    "mark": _LINE.format("mark"),
    "ring": '<circle class="ring" cx="13" cy="7" r="5.5"/>',
    "broken": '<rect class="broken" x="3" y="1" width="20" height="12"/>',
    "tangent": _LINE.format("best whole"),
    "now": '<circle class="now" cx="13" cy="7" r="5"/>',
}


def legend(entries: tuple[Entry, ...], payload: Payload, words: Words) -> str:
    """Return the list of marks and what they stand for."""
    items = []
    for mark, key, values in entries:
        if mark == "best" and payload["optimum"] is None:
            continue
        given: dict[str, float | str] = dict(values)
        if key in ("class0", "class1"):
            # A class is called what the data call it.
            word = shortened(payload["classes"][int(key[-1])])
            key, given = "class", {"name": f"{shortened(payload['target'])} = {word}"}
        said = {k: v if isinstance(v, str) else words.short(v) for k, v in given.items()}
        held = f" data-v='{escaped(json.dumps(given))}'" if given else ""
        items.append(
            f'<li><svg class="key" viewBox="0 0 26 14" aria-hidden="true">{MARKS[mark]}</svg>'
            f'<span data-t="{key}"{held}>{inline(words.get(key, **said))}</span></li>'
        )
    return f'<ul class="legend">{"".join(items)}</ul>' if items else ""
