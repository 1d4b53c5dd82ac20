"""What the coefficients allow to be said: covariances, intervals, tests."""
