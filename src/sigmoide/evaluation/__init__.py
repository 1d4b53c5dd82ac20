"""Evaluation of predictions: metrics, calibration, curves."""
