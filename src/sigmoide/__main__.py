"""``python -m sigmoide``."""

from sigmoide.cli import main

if __name__ == "__main__":
    main(prog_name="sigmoide")
