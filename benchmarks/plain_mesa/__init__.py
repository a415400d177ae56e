"""The same model as plain Python agents in Mesa: one object per person, events on Mesa's own event list."""

from benchmarks.plain_mesa.model import PlainModel

__all__ = ["PlainModel"]
