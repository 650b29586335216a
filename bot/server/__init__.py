"""Speaks with browsers and programs."""
