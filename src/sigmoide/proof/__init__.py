"""Proofs: numbers in, certificate out; shared with no solver."""
