"""``python -m benchmarks``."""

if __name__ == "__main__":
    from benchmarks.command import main

    main(prog_name="python -m benchmarks")
