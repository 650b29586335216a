"""The only door to matplotlib: what `bot evaluate` measured, as SVG files."""
