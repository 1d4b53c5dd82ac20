"""What each quantity of the inference takes in memory; docs/inference-memory.md shows it."""
