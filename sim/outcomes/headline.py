"""The headline measures, declared before any run; all others are exploratory.

There are some 150 measures in twenty groups. Where nothing differs, 5% of the intervals miss zero by chance, so that a
difference among the exploratory measures is a lead to follow.
"""

from __future__ import annotations

from typing import Final, Literal

HEADLINE: Final = (
    "b8_granted", "victims_recognised", "reports", "leads_per_report", "networks_with_lead",
    "networks_convicted", "dublin_transferred", "dublin_lapsed", "left_unknown", "asylum_granted",
    "protected_days", "report_wait_days",
)  # fmt: skip
Role = Literal["headline", "exploratory"]


def role_of(measure: str, world: str) -> Role:
    """Return whether a measure is among those declared, which are of the simulated world."""
    return "headline" if world == "simulated" and measure in HEADLINE else "exploratory"
