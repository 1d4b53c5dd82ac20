"""``python -m benchmarks.inference_memory``."""

if __name__ == "__main__":
    from benchmarks.inference_memory.command import main

    main(prog_name="python -m benchmarks.inference_memory")
