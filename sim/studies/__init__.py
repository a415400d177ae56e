"""Studies: many runs of one scenario, and their joint results."""
