"""Benchmarks: the same work in other programs, and a profile of time and memory; all as ratios within one run."""
