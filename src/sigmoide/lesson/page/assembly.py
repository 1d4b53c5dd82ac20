"""The page put together: texts, stills, styles and code in one file under a strict policy."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from itertools import count

from sigmoide.errors import UsageError
from sigmoide.lesson.page.legend import legend
from sigmoide.lesson.page.markup import escaped, inline, json_script
from sigmoide.lesson.page.payload import STILLS, Payload
from sigmoide.lesson.page.stations import STATIONS, Station
from sigmoide.lesson.page.stills.plane import one_in, shortened
from sigmoide.lesson.page.texts import TABLES
from sigmoide.lesson.page.words import Words, words_for

# What a file uses stands before it; the stations' own come between, main.js ends it all.
_BEFORE = (
    "core/math.js",
    "core/i18n.js",
    "core/state.js",
    "core/model.js",
    "core/notebook.js",
    "core/programs.js",
    "core/walk.js",
    "core/ranking.js",
    "core/random.js",
    "core/separation.js",
    "core/presets.js",
    "core/degrees.js",
    "ui/svg.js",
    "ui/marks.js",
    "ui/controls.js",
    "ui/colours.js",
    "ui/plane.js",
    "ui/table.js",
    "ui/live.js",
    "ui/code.js",
    "ui/graph.js",
    "ui/descent.js",
)


def page_html(payload: Payload, lang: str) -> str:
    """Return the whole page.

    Parameters
    ----------
    payload : dict
        From ``payload.payload``.
    lang : str
        The language it opens in: "es" or "en".

    Returns
    -------
    str
        HTML that asks nothing of anybody: its policy allows its own code and style only.

    Raises
    ------
    UsageError
        For another language.
    """
    if lang not in TABLES:
        raise UsageError(f"lang={lang!r} was given; the page speaks {' and '.join(TABLES)}.")
    words = words_for(payload, lang)
    code, style = script(), _static("page.css")
    live = {key: value for key, value in payload.items() if key != STILLS}
    data = json_script({"lesson": live, "texts": TABLES, "lang": lang})
    policy = (
        f"default-src 'none'; script-src '{_hash(code)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escaped(words.get("page_title"))}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#content" data-t="skip">{inline(words.get("skip"))}</a>
<header class="top">
<h1 data-t="page_title">{inline(words.get("page_title"))}</h1>
<p class="lede" data-t="lede">{inline(words.get("lede"))}</p>
{_origin(payload, words)}<p class="note" data-t="noscript">{inline(words.get("noscript"))}</p>
</header>
<div class="bar">
<nav aria-label="{escaped(words.get("stations"))}" data-t-label="stations">
<ul class="stations">{"".join(_link(station, words) for station in STATIONS)}</ul>
<p class="here" id="here" aria-hidden="true"></p>
</nav>
<div class="settings" id="settings"></div>
</div>
<main id="content">
{"".join(_section(station, payload, words) for station in STATIONS)}
</main>
<footer><p data-t="credits">{inline(words.get("credits"))}</p></footer>
<div id="live" class="unseen" role="status" aria-live="polite"></div>
<script type="application/json" id="data">{data}</script>
<script>{code}</script>
</body>
</html>
"""


def script() -> str:
    """Return all the page's code, in one closure."""
    names = (*_BEFORE, *(f"stations/{station.id}.js" for station in STATIONS), "main.js")
    body = "\n".join(_bare(_static(name)) for name in names)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def _bare(code: str) -> str:
    """Leave out what only those who read the source need: comments of whole lines, indentation.

    No string of the code goes on over a line's end; a test holds it to that.
    """
    kept, inside = [], False
    for line in map(str.strip, code.splitlines()):
        inside = inside or line.startswith("/*")
        if line and not inside and not line.startswith("//"):
            kept.append(line)
        inside = inside and not line.endswith("*/")
    return "\n".join(kept)


def _static(name: str) -> str:
    return files("sigmoide.lesson.page").joinpath("static", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the source expression that allows an inline script or style of this very text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def _link(station: Station, words: Words) -> str:
    key = f"{station.id}.title"
    return (
        f'<li><a href="#{station.id}"><span class="n">{station.number}</span> '
        f'<span data-t="{key}">{inline(words.get(key))}</span></a></li>'
    )


def _section(station: Station, payload: Payload, words: Words) -> str:
    key = station.id
    return f"""<section id="{key}" class="station" aria-labelledby="{key}-title">
<div class="words">
<h2 id="{key}-title" tabindex="-1"><span class="n">{station.number}</span> \
<span data-t="{key}.title">{inline(words.get(f"{key}.title"))}</span></h2>
{"".join(_paragraphs(key, words))}{station.formula}
</div>
<div class="stage">
<div class="controls" id="{key}-controls"></div>
<figure><div class="picture" id="{key}-picture">{station.still(payload, words)}</div>
<figcaption id="{key}-caption">{inline(words.get(f"{key}.still"))}{_of_many(payload, words)}\
</figcaption>
{legend(station.legend, payload, words)}</figure>
<div class="more" id="{key}-more"></div>
</div>
</section>
"""


def _of_many(payload: Payload, words: Words) -> str:
    """Say that a still draws not every point, where it does not."""
    many = one_in(payload)
    return "" if many == 1 else " " + inline(words.get("of_many", many=str(many)))


def _origin(payload: Payload, words: Words) -> str:
    """Say what was done to the learner's rows: drawn from more, or put on two directions."""
    said: list[tuple[str, dict[str, float | str]]] = []
    if payload["sampled_from"] is not None:
        rows = {"rows": str(len(payload["y"])), "of": str(payload["sampled_from"])}
        said.append(("origin_sample", {**rows}))
    if payload["directions"] is not None:
        columns, (share1, share2) = (
            payload["directions"]["columns"],
            payload["directions"]["shares"],
        )
        # The texts' own markup is not the columns'.
        listed = ", ".join(shortened(name) for name in columns[:12])
        listed = listed.replace("*", "\N{ASTERISK OPERATOR}").replace("`", "\N{PRIME}")
        values = {
            "n": float(len(columns)),
            "share1": round(100 * share1, 1),
            "share2": round(100 * share2, 1),
            "columns": listed + (", …" if len(columns) > 12 else ""),
        }
        said.append(("origin_directions", {**values}))
    return "".join(
        f'<p class="lede" data-t="{key}" data-v="{escaped(json.dumps(values))}">'
        + inline(words.get(key, **_in_words(values, words)))
        + "</p>\n"
        for key, values in said
    )


def _in_words(values: dict[str, float | str], words: Words) -> dict[str, str]:
    return {k: v if isinstance(v, str) else words.short(v) for k, v in values.items()}


def _paragraphs(station: str, words: Words) -> list[str]:
    found: list[str] = []
    for n in count(1):
        key = f"{station}.p{n}"
        if key not in TABLES[words.lang]:
            return found
        text = words.get(key)
        if text:
            found.append(f'<p data-t="{key}">{inline(text)}</p>\n')
    return found
