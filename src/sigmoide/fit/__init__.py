"""The fit: surveyed, set up, solved and proved, record to record."""
