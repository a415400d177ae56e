"""Experiments over the simulator: many runs for one question."""
