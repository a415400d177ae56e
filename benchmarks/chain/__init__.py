"""An illness without contagion, in b8sim and in Starsim: the same chain of states, with and without a change."""
