"""Files and their mistakes: TOML documents, what ships with the package, and errors that name file and key."""
