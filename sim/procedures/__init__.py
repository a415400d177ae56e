"""The law as data: the procedure files, their shape, and the rulebook they make together."""

from sim.procedures.rulebook import Rulebook

__all__ = ["Rulebook"]
