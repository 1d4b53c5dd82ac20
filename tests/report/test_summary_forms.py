"""The summary in every form: the same cells, and no name that gets out of its cell."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.arguments.words import printable
from sigmoide.report.html import render_html
from sigmoide.report.latex import render_latex
from sigmoide.report.markdown import render_markdown
from sigmoide.report.tables import CoefficientRow, Summary
from sigmoide.report.text import sheets, word
from support.cli_run import controls, refused, run
from support.cli_table import saved, table

NAN, INF = math.nan, math.inf
NUMBERS = (0.5, 0.25, 2.0, 0.0455, 0.01, 0.99)

HOSTILE = [
    "<script>alert(1)</script>",
    "</td></tr></table><h1>out",
    '" onmouseover="x',
    "a|b",
    "a\\|b",
    "\\",
    "`a` **b** _c_ ~~d~~ [e](http://f) ![g](h) $i$ <j@k.l>",
    "# not a heading",
    "1. not a list",
    "- not a list",
    "```",
    "a\n````\nb",
    "| --- |",
    "&lt;b&gt; &#60; &amp;",
    "a & b \\\\ c % d # e _ f ^ g ~ h { i } j $k$",
    "\\end{tabular}",
    "\\input{/etc/passwd}",
    "[optional]",
    "*starred",
    "a--b---c ``d'' ?` !`",
    "αβγΩΣς ± × ∞ − … ½ ²",
    "two\nlines\n\nand a paragraph",
    "\r\x0b\x0c\x1b[31m\x85\u2028\u2029\u202e",
    "日本 😀 ñ",
    "",
    " ",
]
names = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=20),
    st.text(alphabet="|\\`*_[]()<>&$#%^~{}!-+=.1 \n'\"a", max_size=12),
)


def summary_of(*terms: str, inferred: bool = True, notes: tuple[str, ...] = ()) -> Summary:
    rows = tuple(CoefficientRow(term, *NUMBERS) for term in terms)
    facts = tuple((f"fact {k}", term) for k, term in enumerate(terms))
    return Summary(f"of {terms[0]}", "proved", facts, rows, 95.0, facts, notes, inferred)


def cells_of(summary: Summary) -> list[list[list[str]]]:
    """Return what every form has to show: of each table its rows, of each row its cells."""
    found = []
    for sheet in sheets(summary):
        heads = [["", *sheet.headings]] if sheet.headings else []
        found.append(heads + [[printable(cell) for cell in row] for row in sheet.rows])
    return found


# --- readers of the forms, which know nothing of how they are written


class Tables(HTMLParser):
    """Reads the tables of a document, and checks that it is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.items: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.scopes: list[str] = []
        self.captions = 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.scopes += [value for name, value in attrs if name == "scope"]
        self.captions += tag == "caption"
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "li":
            self.items.append("")
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] == "li":
            self.items[-1] += data


def read_html(text: str) -> Tables:
    reader = Tables()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def read_markdown(text: str) -> tuple[list[list[list[str]]], list[str], list[str]]:
    """Return tables, list items, and the kinds of all blocks, as a Markdown reader sees them."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    tables: list[list[list[str]]] = []
    items: list[str] = []
    inside = None
    for token in tokens:
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type in ("td_open", "th_open"):
            inside = tables[-1][-1]
        elif token.type == "list_item_open":
            inside = items
        elif token.type == "inline" and inside is not None:
            parts = token.children or []
            assert {part.type for part in parts} <= {"text", "text_special"}, parts
            inside.append("".join(part.content for part in parts))
            inside = None
    return tables, items, [token.type for token in tokens]


# Of a cell: what may stand in it, and what is not LaTeX's own.
_LATEX = {
    r"\textbackslash{}": "\\",
    r"\{": "{",
    r"\}": "}",
    r"\$": "$",
    r"\&": "&",
    r"\#": "#",
    r"\%": "%",
    r"\_": "_",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textasciigrave{}": "`",
    r"\textquotesingle{}": "'",
    "{[}": "[",
    "{]}": "]",
    "{*}": "*",
    "-{}": "-",
    r"\ensuremath{-}": "-",
    r"\ensuremath{\pm}": "±",
    r"\ensuremath{\times}": "×",
    r"\ensuremath{\infty}": "∞",
    r"\ensuremath{\frac12}": "½",
    r"\ensuremath{^2}": "²",
    r"\ldots{}": "…",
}
_TOKEN = re.compile(
    "|".join(re.escape(key) for key in sorted(_LATEX, key=len, reverse=True))
    + r"|\\ensuremath\{(?:\\[a-zA-Z]+|\\mathrm\{[A-Za-z]\}|\^\\circ|\^[123])\}"
    + r"|[^\\{}$&#%_^~\[\]*<>|`']"
)


def unescaped(cell: str) -> str:
    """Return the letters of a cell, checking that LaTeX sees nothing else in it."""
    at, found = 0, []
    while at < len(cell):
        match = _TOKEN.match(cell, at)
        assert match, cell[at:]
        found.append(_LATEX.get(match.group(), match.group()))
        at = match.end()
    return "".join(found)


def read_latex(text: str) -> list[list[list[str]]]:
    found = []
    for body in re.findall(r"\\begin\{tabular\}[^\n]*\n(.*?)\n\\end\{tabular\}", text, re.DOTALL):
        lines = body.strip().split("\n")
        rules = {"\\toprule", "\\midrule", "\\bottomrule"}
        rows = [line for line in lines if line not in rules]
        assert all(row.endswith(r" \\") for row in rows)
        cells = [re.split(r"(?<!\\)&", row.removesuffix(r" \\")) for row in rows]
        found.append([[unescaped(strip(cell)) for cell in row] for row in cells])
    return found


def strip(cell: str) -> str:
    return cell.removeprefix(" ").removesuffix(" ")


def greek_apart(text: str) -> str:
    """Return text as the reader of LaTeX has it: symbols stand as their commands."""
    from sigmoide.report import latex

    back = set(_LATEX.values())
    text = text.replace("−", "-")
    return "".join(latex._LETTERS[c] if c in latex._LETTERS and c not in back else c for c in text)


def bare(rows: list[list[str]]) -> list[list[str]]:
    """Return cells without the blanks around them, which no reader of Markdown keeps."""
    return [[cell.strip(" ") for cell in row] for row in rows]


# --- no name gets out of its cell

TAGS = {
    *("html", "head", "meta", "title", "body", "section", "p", "strong", "br", "pre", "ul", "li"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}


@settings(deadline=None)
@given(first=names, second=names, inferred=st.booleans())
@example("<b>|\\", "\n", True)
def test_html(first, second, inferred):
    shown = summary_of(first, second, inferred=inferred, notes=(first, second))
    reader = read_html(render_html(shown, (first,), whole=True))
    assert reader.tables == cells_of(shown)
    assert reader.items == [printable(first), printable(second)]
    assert reader.tags <= TAGS
    assert reader.attributes == {"lang", "charset", "class", "aria-label", "scope"}
    assert reader.captions == len(reader.tables)
    assert set(reader.scopes) == {"row", "col"}


@settings(deadline=None)
@given(first=names, second=names, inferred=st.booleans())
@example("a|b", "\\|", True)
@example("1)", "+", True)
@example("=", "===", True)
def test_markdown(first, second, inferred):
    shown = summary_of(first, second, inferred=inferred, notes=(f"{first}.", f"{second}."))
    tables, items, kinds = read_markdown(render_markdown(shown, (first,)))
    wanted = [rows if rows[0][0] == "" else [["", ""], *rows] for rows in cells_of(shown)]
    assert [bare(rows) for rows in tables] == [bare(rows) for rows in wanted]
    assert [item.strip() for item in items] == [printable(f"{n}.").strip() for n in (first, second)]
    structure = {k for k in kinds if k.endswith("_open") and not k.startswith(("t", "paragraph"))}
    assert structure <= {"bullet_list_open", "list_item_open"}
    assert kinds.count("fence") == 1
    assert kinds.count("bullet_list_open") == 1
    assert kinds.count("list_item_open") == 2


@settings(deadline=None)
@given(first=names, second=names, inferred=st.booleans())
@example("[a]", "*", True)
@example("--", "&", True)
def test_latex(first, second, inferred):
    shown = summary_of(first, second, inferred=inferred, notes=(first,))
    text = render_latex(shown, (first,))
    wanted = [
        [[strip(greek_apart(cell)) for cell in row] for row in rows] for rows in cells_of(shown)
    ]
    found = read_latex(text)
    assert [[len(row) for row in rows] for rows in found] == [
        [len(row) for row in rows] for rows in wanted
    ]
    for ours, theirs in zip(found, wanted, strict=True):
        assert bare(ours) == bare(theirs)
    # every brace that opens is closed, and environments are ours alone
    assert set(re.findall(r"\\begin\{(\w+)\}", text)) == {"tabular", "itemize"}
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")


@settings(deadline=None)
@given(name=names)
def test_one_line_is_one(name):
    found = printable(name)
    assert len(found.splitlines()) <= 1
    assert not controls(found)
    assert not any(unicodedata.category(c) in ("Zl", "Zp") for c in found)


# --- what is shown


def test_the_same_cells_everywhere(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    result = saved(tmp_path)
    shown = result.summary()
    wanted = cells_of(shown)
    assert read_html(shown.as_html()).tables == wanted
    assert read_html(shown._repr_html_()).tables == wanted
    assert bare(read_markdown(shown.as_markdown())[0][1]) == wanted[1]
    assert [bare(rows) for rows in read_latex(shown.as_latex())] == wanted
    text = [line.split() for line in str(shown).splitlines()]
    for name, *cells in [row for rows in wanted[1:3] for row in rows[1:]]:
        assert [*name.split(), *cells] in text
    for form, found in (
        ("html", read_html(run("show", tmp_path / "m.json", "--format", "html").stdout).tables),
        ("latex", read_latex(run("show", tmp_path / "m.json", "--format", "latex").stdout)),
    ):
        assert [bare(rows) for rows in found] == wanted, form
    command = ("fit", tmp_path / "data.csv", "--target", "y", "--columns", "x,z,g")
    assert "| Intercept |" in run(*command, "--format", "markdown").stdout


def test_what_is_infinite_or_withheld_is_said_in_words():
    rows = (
        CoefficientRow("up", INF, NAN, NAN, NAN, 0.5, INF),
        CoefficientRow("down", -INF, NAN, NAN, NAN, -INF, 1.0),
        CoefficientRow("either", NAN, NAN, NAN, NAN, NAN, NAN),
    )
    shown = Summary("t", "NOT PROVED", (), rows, 95.0, (), (), True)
    assert cells_of(shown) == [
        [
            ["", "estimate", "std. err.", "z", "p", "2.5 %", "97.5 %"],
            ["up", "+infinity", *["withheld"] * 3, "0.5", "+infinity"],
            ["down", "-infinity", *["withheld"] * 3, "-infinity", "1"],
            ["either", "±infinity", *["withheld"] * 5],
        ],
        [
            ["", "odds ratio", "2.5 %", "97.5 %"],
            ["up", "+infinity", "1.649", "+infinity"],
            ["down", "0", "0", "2.718"],
            ["either", "0 or infinity", "withheld", "withheld"],
        ],
    ]
    assert bare(read_latex(shown.as_latex())[0])[3][1] == "±infinity"
    assert "+infinity" in str(shown)
    assert word(-0.5) == "-0.5"


def test_records_are_the_whole_numbers():
    rng = np.random.default_rng(0)
    data = {"y": rng.integers(0, 2, 80), "x": rng.normal(size=80), "g": rng.choice(["a", "b"], 80)}
    result = sigmoide.logit("y ~ x + g", data)
    found = pd.DataFrame(result.summary().records()).set_index("term")
    assert list(found) == [
        "estimate",
        "standard_error",
        "z",
        "p",
        "low",
        "high",
        "odds_ratio",
        "odds_low",
        "odds_high",
    ]
    for column, theirs in (
        ("estimate", result.params),
        ("standard_error", result.bse),
        ("z", result.zvalues),
        ("p", result.pvalues),
        ("low", result.conf_int()[0]),
        ("high", result.conf_int()[1]),
        ("odds_ratio", result.odds_ratios()["odds_ratio"]),
        ("odds_high", result.odds_ratios()["high"]),
    ):
        np.testing.assert_array_equal(found[column], theirs)
        assert list(found.index) == list(theirs.index)
    narrow = pd.DataFrame(result.summary(alpha=0.5).records())
    np.testing.assert_array_equal(narrow["low"], result.conf_int(0.5)[0])


def test_a_fit_without_errors_shows_estimates_alone():
    data = {"y": [0, 1, 0, 1, 1], "x": [1.0, 2.0, 3.0, 4.0, 5.0]}
    shown = sigmoide.logit("y ~ x", data, l2=1.0).summary()
    assert [rows[0] for rows in read_html(shown.as_html()).tables[1:3]] == [
        ["", "estimate"],
        ["", "odds ratio"],
    ]
    assert shown.records()[0]["p"] != shown.records()[0]["p"]


def test_a_model_without_coefficients_has_no_table():
    shown = Summary("t", "proved", (("a", "b"),), (), 95.0, (("c", "d"),), (), True)
    assert len(read_html(shown.as_html()).tables) == 2
    assert len(read_latex(shown.as_latex())) == 2


# --- the command line


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def test_scores_of_a_split_follow_in_every_form(folder):
    command = ("fit", folder / "data.csv", "--target", "y", "--columns", "x,z", "--format")
    split = ("--split", "random:0.2,0.2", "--patience", "2")
    plain = run(*command, "text", *split)
    assert plain.exit_code == 0, plain.stderr
    scores = plain.stdout[plain.stdout.index("\npart ") :].splitlines()
    for form, lines in (
        ("html", run(*command, "html", *split).stdout.splitlines()),
        ("markdown", run(*command, "markdown", *split).stdout.splitlines()),
    ):
        found = [re.sub("<[^>]*>", "", line).strip() for line in lines]
        assert all(line.strip() in found for line in scores if line), form
    shown = run(*command, "latex", *split).stdout
    assert "\\texttt{" in shown
    assert "validation" in shown


def test_json_has_two_names(folder):
    saved(folder)
    one = run("show", folder / "m.json", "--json").stdout
    assert one == run("show", folder / "m.json", "--format", "json").stdout
    assert one == run("show", folder / "m.json", "--format", "json", "--json").stdout
    assert json.loads(one)["format"] == "sigmoide model"
    refused(
        run("show", folder / "m.json", "--format", "html", "--json"),
        2,
        "--format html and --json were given",
    )
    assert run("show", folder / "m.json", "--format", "pdf").exit_code == 2
