"""``python -m benchmarks.coverage``."""

if __name__ == "__main__":
    from benchmarks.coverage.command import main

    main(prog_name="python -m benchmarks.coverage")
