"""Delimited text: its encoding, its dialect, its records and the lines they stand on."""
