"""The regimes as amendments of the law, how they are put together, and what they change."""
