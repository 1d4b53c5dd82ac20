"""How often intervals cover what they are intervals of; docs/coverage.md shows the last run."""
