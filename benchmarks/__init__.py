"""Sigmoide against its rivals, at equal accuracy; docs/benchmarks.md tells the rules."""
