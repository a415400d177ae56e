"""From the statute to the arrays of the engine, and which cell holds which parameter."""
