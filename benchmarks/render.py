"""``python -m benchmarks.render FILE``: results as Markdown, on standard output or in a page."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import click

from benchmarks.results import CaseResult, Results, ResultsError, Row, read
from benchmarks.rivals import RIVALS
from benchmarks.summary import NoRow, Ratio, Short, at_level, ours_seconds
from benchmarks.targets import share, verdicts

LEVELS = (1e-6, 1e-9)
_BEGIN, _END = "<!-- results: {} -->", "<!-- end of results -->"


def markdown(results: Results) -> str:
    """Return all tables of a measurement."""
    parts = [_head(results)]
    if results.cases:
        parts.append("### Targets\n\n" + _targets(results))
        parts.append("### Ours\n\n" + _ours(results.cases))
        for level in LEVELS:
            title = f"### Time to {level:g}, as a multiple of ours\n\n"
            parts.append(title + _ratios(results.cases, level))
        parts.append("### Peak memory beyond the data, MB\n\n" + _memory(results.cases))
        if remarks := _remarks(results.cases):
            parts.append("### Remarks\n\n" + remarks)
    if results.kernel:
        parts.append("### The kernel\n\n" + _kernel(results))
    if results.beyond_memory:
        parts.append("### Beyond memory\n\n" + beyond_table(results.beyond_memory))
    return "\n\n".join(parts) + "\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _head(results: Results) -> str:
    state = " with changes that were not committed" if results.changed else ""
    machine = ", ".join(
        f"{k} {v}" if k != "processor" else f"{v}" for k, v in results.machine.items() if v
    )
    versions = ", ".join(f"{name} {v}" for name, v in results.versions.items())
    return (
        f"Measured {results.when} at commit {results.commit[:12]}{state}, "
        f"seed {results.seed}, load average {results.load:.1f}, by\n\n"
        f"    {results.command}\n\n{machine}.\n\n{versions}."
    )


def _targets(results: Results) -> str:
    return table(
        ["target", "asked", "measured", "worst at", ""],
        [
            [v.what, v.asked, v.found, v.where, "met" if v.met else "**missed**"]
            for v in verdicts(results)
        ],
    )


def _ours(cases: list[CaseResult]) -> str:
    rows = []
    for case in cases:
        if not case.seconds:
            rows.append([case.name, case.remark, *[""] * 6])
            continue
        seconds = ours_seconds(case)
        reads = f"{median(seconds) / median(case.read):.3g}" if case.read else ""
        rows.append(
            [
                case.name,
                f"{_time(median(seconds))} ({_time(min(seconds))}–{_time(max(seconds))})",
                f"{case.said['reads']:g}",
                reads,
                f"{case.gap:.0e}",
                "yes" if case.said["proved"] else "**no**",
                f"{case.said['distance']:.0e}",
                "" if case.memory is None else f"{case.memory / 1e6:.0f}",
            ]
        )
    head = ["problem", "time", "reads", "time / a read", "gap", "proved", "within s.e.", "MB"]
    return table(head, rows)


def _rivals(cases: list[CaseResult]) -> list[str]:
    known = [rival.name for rival in RIVALS]
    seen = {row.rival for case in cases for row in case.rivals}
    return [name for name in known if name in seen] + sorted(seen - set(known))


def _row(case: CaseResult, rival: str) -> Row | None:
    return next((row for row in case.rivals if row.rival == rival), None)


def _ratios(cases: list[CaseResult], level: float) -> str:
    rivals = _rivals(cases)
    rows = []
    for case in cases:
        cells = [_row(case, name) for name in rivals]
        rows.append(
            [
                case.name,
                *("" if row is None else _cell(at_level(case, row, level)) for row in cells),
            ]
        )
    return table(["problem", *rivals], rows)


def _cell(found: Ratio | Short | NoRow) -> str:
    if isinstance(found, NoRow):
        return f"*{found.why}*"
    if isinstance(found, Short):
        reached = "" if found.gap is None else f" [{found.gap:.0e}]"
        return f"> {found.after:.3g}x{reached}" if found.stopped else f"fails{reached}"
    if found.pairs == 1:
        return f"{found.middle:.3g}x"
    return f"{found.middle:.3g}x ({found.least:.3g}–{found.most:.3g})"


def _memory(cases: list[CaseResult]) -> str:
    rivals = _rivals(cases)
    rows = []
    for case in cases:
        found = [
            case.memory,
            *(row.memory if (row := _row(case, name)) else None for name in rivals),
        ]
        rows.append([case.name, *("" if m is None else f"{m / 1e6:.0f}" for m in found)])
    return table(["problem", "ours", *rivals], rows)


def _remarks(cases: list[CaseResult]) -> str:
    """Return what went wrong in a trial; what is absent or unsuited stands in the tables."""
    lines = [f"- {case.name}: {case.remark}" for case in cases if case.remark]
    lines += [
        f"- {case.name}, {row.rival}: {row.remark}"
        for case in cases
        for row in case.rivals
        if row.remark and (row.runs or row.cut) and "finer" not in row.remark
    ]
    return "\n".join(lines)


def _kernel(results: Results) -> str:
    rows = [
        [
            one.dtype,
            str(one.columns),
            f"{one.rows:,}",
            f"{one.size / median(one.kernel) / 1e9:.3g}",
            f"{one.size / median(one.read) / 1e9:.3g}",
            f"{share(one):.2f}",
        ]
        for one in results.kernel
    ]
    return table(["type", "columns", "rows", "GB/s", "plain read, GB/s", "share"], rows)


def beyond_table(found: dict[str, Any]) -> str:
    """Return the table of the fit of a file beyond memory."""
    shape = f"{found['rows']:,} × {found['columns']} {found['dtype']}, {_megabytes(found['size'])}"
    rows = [["file", shape], ["memory allowed", _megabytes(found["memory"])]]
    if found["remark"]:
        rows.append(["**does not count**", found["remark"]])
    else:
        ratio = found["seconds"] / found["decode_seconds"]
        decoded = f"{_time(found['decode_seconds'])} ({ratio:.2g}x)"
        rows += [
            ["peak anonymous memory", _megabytes(found["peak"])],
            ["reads", str(found["reads"])],
            ["time of the whole process", _time(found["seconds"])],
            ["merely decoding as often", decoded],
        ]
    return table(["beyond memory", ""], rows)


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1.0 else f"{seconds * 1e3:.3g} ms"


def into(page: str, name: str, text: str) -> str:
    """Return a page with the results put between its two marks, the first of which names them.

    Raises
    ------
    ResultsError
        If the page has no such marks.
    """
    head, begin, rest = page.partition("<!-- results:")
    _, end, tail = rest.partition(_END)
    if not begin or not end:
        raise ResultsError(f"the page has no two marks '{_BEGIN.format('...')}' and '{_END}'.")
    return f"{head}{_BEGIN.format(name)}\n\n{text}\n{_END}{tail}"


def put_into(page: Path, name: str, text: str) -> None:
    """Put results into the file of a page.

    Raises
    ------
    ResultsError
        As :func:`into`.
    """
    page.write_text(into(page.read_text(encoding="utf-8"), name, text), encoding="utf-8")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", "page", type=click.Path(path_type=Path), help="Page to put it into.")
def main(file: Path, page: Path | None) -> None:
    """Print the tables of FILE in Markdown, or put them into a page, between its marks."""
    try:
        text = markdown(read(file))
        if page is None:
            click.echo(text, nl=False)
            return
        put_into(page, file.name, text)
    except (ResultsError, OSError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.render")
