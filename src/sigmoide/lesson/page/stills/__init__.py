"""The default state of every station's picture as SVG, one module for each."""
