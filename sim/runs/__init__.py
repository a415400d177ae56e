"""Running: one world, one replicate, a comparison of regimes on the same people, and its receipt."""
