"""``python -m benchmarks.beyond_memory``: a file larger than the memory that a fit may use.

The fit is the command line's, a process of its own, whose memory is sampled from outside. It is
held against merely decoding the same file as often as the fit read it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import click

from benchmarks.threads import hold
from benchmarks.watch import peak_until

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
_GROUP_ROWS = 1_000_000


@dataclass(slots=True)
class Beyond:
    """What was found.

    Attributes
    ----------
    rows, columns : int
        Of the file, the target apart.
    dtype : str
        Of its columns.
    size : int
        Bytes of the file.
    memory : int
        Bytes allowed.
    peak : int
        Largest anonymous memory of the process of the fit, in bytes.
    reads : int
        That the fit made.
    seconds : float
        Of the whole process, from its start to its end.
    decode_seconds : float
        Of decoding the file as many times.
    remark : str
        Why it does not count; empty if it does.
    """

    rows: int
    columns: int
    dtype: str
    size: int
    memory: int
    peak: int = 0
    reads: int = 0
    seconds: float = 0.0
    decode_seconds: float = 0.0
    remark: str = ""


def bytes_of(text: str) -> int:
    """Return the bytes of ``1GB``, ``500MB`` or ``64KB``, in powers of ten.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    number, unit = text[:-2], text[-2:].upper()
    if unit not in _UNITS:
        raise ValueError(f"{text!r} is no amount of memory: write 1GB, 500MB or 64KB")
    return int(float(number) * _UNITS[unit])


def write_file(path: Path, rows: int, columns: int, dtype: str, seed: int) -> None:
    """Write a Parquet file with the target ``y`` and columns ``x0``, ...; bounded memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from benchmarks.families import parts
    from benchmarks.seeds import generator

    kind = pa.float32() if dtype == "float32" else pa.float64()
    names = [f"x{j}" for j in range(columns)]
    schema = pa.schema([("y", pa.int8()), *((name, kind) for name in names)])
    rng = generator(seed, "beyond-memory")
    with pq.ParquetWriter(path, schema) as file:
        for X, y in parts(rng, rows, columns, dtype, part_rows=_GROUP_ROWS):
            held = [pa.array(y, pa.int8()), *(pa.array(X[:, j]) for j in range(columns))]
            file.write_table(pa.table(held, schema=schema), row_group_size=_GROUP_ROWS)


def decode(path: Path, times: int) -> float:
    """Return the seconds of decoding every column of a file so many times, in bounded memory."""
    import pyarrow.parquet as pq

    began = time.perf_counter()
    for _ in range(times):
        with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
            for _batch in file.iter_batches(use_threads=True):
                pass
    return time.perf_counter() - began


def measure(path: Path, found: Beyond, *options: str) -> Beyond:
    """Fit the file, watched; then decode it as often as it was read. Fills in ``found``.

    The options are those of ``sigmoide fit``, beside the target: the limit of memory.
    """
    fit = ["sigmoide", "fit", str(path), "--target", "y", *options, "--json"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", *fit], stdout=out, stderr=err
        )
        peak = peak_until(process.pid, lambda pause: _ended(process, pause), 0.005)
        found.seconds, found.peak = time.perf_counter() - began, peak or 0
        said = _text(err).strip().splitlines()
        if process.returncode not in (0, 4):
            found.remark = f"exit code {process.returncode}: {said[-1] if said else 'no message'}"
            return found
        fitted: dict[str, Any] = json.loads(_text(out))["fit"]
    found.reads = int(fitted["reads"])
    if fitted["status"] != "proved":
        found.remark = f"the fit is {fitted['status']}"
    again = [sys.executable, "-m", "benchmarks.beyond_memory", "--decode", str(path)]
    done = subprocess.run(  # noqa: S603
        [*again, "--times", str(found.reads)], capture_output=True, text=True, check=True
    )
    found.decode_seconds = float(done.stdout)
    return found


def _ended(process: subprocess.Popen[bytes], pause: float) -> bool:
    try:
        process.wait(pause)
    except subprocess.TimeoutExpired:
        return False
    return True


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")


@click.command()
@click.option("--rows", type=click.IntRange(1), default=50_000_000, show_default=True)
@click.option("--columns", type=click.IntRange(1), default=20, show_default=True)
@click.option("--dtype", type=click.Choice(["float32", "float64"]), default="float64")
@click.option("--memory", default="1GB", show_default=True, help="What the fit may use.")
@click.option("--seed", type=int, help="Of the data [default: made of the commit's hash].")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the file is written, and removed afterwards [default: for temporary files].",
)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Results to add it to.")
@click.option("--decode", "only_decode", type=click.Path(path_type=Path), hidden=True)
@click.option("--times", type=int, default=1, hidden=True)
def main(
    rows: int,
    columns: int,
    dtype: str,
    memory: str,
    seed: int | None,
    folder: Path | None,
    file: Path | None,
    only_decode: Path | None,
    times: int,
) -> None:
    """Fit a Parquet file under a limit of memory; print what it took."""
    hold(2)
    if only_decode is not None:
        click.echo(decode(only_decode, times))
        return
    from benchmarks import results
    from benchmarks.render import beyond_table
    from benchmarks.seeds import NoCommitError, commit, seed_of

    try:
        allowed = bytes_of(memory)
        number = seed_of(commit()) if seed is None else seed
        held = None if file is None else results.read(file)
        if held is not None and held.commit != commit():
            raise results.ResultsError(f"{file} holds results of another commit.")
    except (ValueError, NoCommitError, results.ResultsError) as error:
        raise click.ClickException(str(error)) from error
    with tempfile.TemporaryDirectory(prefix="benchmarks-", dir=folder) as temporary:
        path = Path(temporary) / "data.parquet"
        write_file(path, rows, columns, dtype, number)
        asked = Beyond(rows, columns, dtype, path.stat().st_size, allowed)
        found = measure(path, asked, "--memory", memory)
    if held is not None and file is not None:
        held.beyond_memory = asdict(found)
        results.write(held, file)
    click.echo(beyond_table(asdict(found)))


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.beyond_memory")
