"""The same kernel in C: translated statement by statement from the functions that are compiled for the engine."""
