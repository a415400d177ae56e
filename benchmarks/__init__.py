"""Benchmarks: the same work done in other ways, and where time and memory go; all as ratios within one run."""
