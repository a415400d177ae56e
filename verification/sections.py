"""The sections of ``docs/verification.md`` in their order: one line each, title to module.

A module has a function ``section() -> str`` that measures and returns Markdown without a title.
"""

from __future__ import annotations

SECTIONS = {
    "Law: step by case, amendment by case": "verification.chronologies",
    "Replay: the same answer under the same text, and times": "verification.steadiness",
    "Theory": "verification.theory",
    "Sanity of the science": "verification.signs",
    "Queues that bind, and nothing idle": "verification.idle",
    "A history before the period": "verification.history",
    "Published figures before and after": "verification.before_after",
    "Rival explanations beside published figures": "verification.published",
    "Recovery of known values": "verification.recovery",
    "Randomness": "verification.randomness",
    "Small countries": "verification.small_countries",
    "Files that are not as they should be": "verification.fuzzing",
    "Interruptions and a full disk": "verification.interruption",
}
