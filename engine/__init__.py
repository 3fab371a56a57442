"""Runs definitions. Knows no Flask and no particular procedure."""
