"""Inference on the coefficients: covariances, intervals, tests."""
