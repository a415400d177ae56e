"""The traits of a person: flags (bits) and levels (numbers from 0 to 1).

The names are the vocabulary of ``when``, ``logit`` and ``times`` in the TOML files. Nationality groups represent route,
network and debt, not people.
"""

from __future__ import annotations

from typing import Final

GROUPS: Final = ("NGA", "UGA", "GMB", "GIN", "SLE", "other")
"""Nationality groups, in the order of the group number of a person."""

FORMS: Final = ("sexual_exploitation", "labour_exploitation", "criminal_exploitation", "other_exploitation")
"""Forms of exploitation of a victim, as CoMensha's yearly figures tell them apart."""

RECEIVING: Final = (
    "receiving_italy",
    "receiving_germany",
    "receiving_france",
    "receiving_spain",
    "receiving_other",
)
"""The state to which the registration of a person points."""

FLAGS: Final = (
    "victim",
    "women",
    "minor",
    "asks_asylum",
    "dublin_indicator",
    "eurodac_hit",
    "strategic",
    "exploited_nl",
    "exploited_eu",
    "exploited_outside",
    "control_object",
    "control_vehicle",
    "control_person",
    "drawn_by_rule",
    *GROUPS,
    *FORMS,
    *RECEIVING,
)
"""Yes-or-no traits; bit number = position."""

LEVELS: Final = ("fear", "trust", "trauma", "knowledge", "debt", "protect_others", "retribution")
"""Traits of a person on a scale from 0 to 1."""

NETWORK_LEVELS: Final = ("leads",)
"""The counts of a network, stored in place of the first levels of a person."""

BEYOND_FIRST: Final = {"leads_after_first": "leads"}
"""Factors of the excess of a level over 1: value = max(level - 1, 0)."""

SHOCKS: Final = ("registration_stopped", "transfers_stopped", "transfers_to_italy_stopped", "fewer_controls")
"""External events that a scenario can date; usable in ``when``, ``logit`` and ``times`` as if they were traits."""

ALL_NAMES: Final = (*FLAGS, *LEVELS, *NETWORK_LEVELS, *BEYOND_FIRST, *SHOCKS)
"""Every name of this vocabulary, reserved for it."""

FLAG_BIT: Final = {name: 1 << i for i, name in enumerate(FLAGS)}
LEVEL_INDEX: Final = {name: i for names in (LEVELS, NETWORK_LEVELS) for i, name in enumerate(names)}
