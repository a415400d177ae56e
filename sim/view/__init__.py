"""The page in the browser: what `b8sim view` serves, and what a report holds."""
