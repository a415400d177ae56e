"""A scenario file, and the rival explanations that change one."""
