"""The model file: one JSON text, every number exact, written whole and read as hostile."""
