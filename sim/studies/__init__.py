"""Studies: many runs over one scenario, and what they say together."""
