"""How time passes: calendar, draws, tables, kernel and the log of what happened."""
