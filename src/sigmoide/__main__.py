"""``python -m sigmoide``, and what the command ``sigmoide`` runs."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def run() -> None:
    """Run the command line, from its first import to the end of the process."""
    try:
        from sigmoide.cli import main

        main(prog_name="sigmoide")
    except KeyboardInterrupt as stop:
        # Before the program began, or after it was done: past all streams that may fail later.
        with suppress(OSError):
            os.write(2, b"sigmoide: interrupted\n")
        sys.exit(128 + getattr(stop, "number", signal.SIGINT))
    finally:
        # What ends the process now leaves nothing behind, and no traceback either.
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    run()
