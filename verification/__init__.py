"""What is measured to find out whether b8sim does what it says; ``python -m verification`` writes the manual page."""
