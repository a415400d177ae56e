"""Measurements of whether b8sim does what it claims; ``python -m verification`` writes the manual page."""
