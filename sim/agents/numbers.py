"""The numbers and the draws that decide who comes, in the order in which the compiled functions read them."""

from __future__ import annotations

from typing import Final

from sim.procedures.traits import FORMS, GROUPS

PLAIN: Final = (
    "victim.exploited_nl_share",
    "victim.exploited_eu_share",
    "victim.control_vehicle_share",
    "victim.control_person_share",
    "inflow.eurodac_share",
    "strategic.share",
    "receiving.germany_share_of_rest",
    "receiving.france_share_of_rest",
    "receiving.spain_share_of_rest",
    "trait.spread",
    "trait.fear_object",
    "trait.fear_vehicle",
    "trait.fear_person",
    "trait.fear_not_victim",
    "trait.trust_victim",
    "trait.trust_not_victim",
    "trait.trauma_women",
    "trait.trauma_men",
    "trait.trauma_not_victim",
    "trait.knowledge",
    "trait.debt_not_victim",
    "trait.protect_others",
    "trait.retribution",
    "network.size_skew",
    "network.links_per_network",
    "community.sites",
    "community.languages_of_others",
    "community.journeys",
    "community.days_apart",
    "community.days_apart_in_network",
    "community.known_in_centre",
    "community.known_on_route",
    "community.known_in_network",
    "inflow.drawn_share_on_the_route",
    "inflow.drawn_share_other",
)
"""Parameters with one value."""
(
    NL_SHARE,
    EU_SHARE,
    VEHICLE_SHARE,
    PERSON_SHARE,
    EURODAC_SHARE,
    STRATEGIC_SHARE,
    GERMANY_SHARE,
    FRANCE_SHARE,
    SPAIN_SHARE,
    SPREAD,
    FEAR_OBJECT,
    FEAR_VEHICLE,
    FEAR_PERSON,
    FEAR_OTHERWISE,
    TRUST,
    TRUST_OTHERWISE,
    TRAUMA_WOMEN,
    TRAUMA_MEN,
    TRAUMA_OTHERWISE,
    KNOWLEDGE,
    DEBT_OTHERWISE,
    PROTECT_OTHERS,
    RETRIBUTION,
    SIZE_SKEW,
    LINKS,
    SITES,
    LANGUAGES,
    JOURNEYS,
    DAYS_APART,
    DAYS_APART_IN_NETWORK,
    KNOWN_IN_CENTRE,
    KNOWN_ON_ROUTE,
    KNOWN_IN_NETWORK,
    DRAWN_ON_THE_ROUTE,
    DRAWN_OTHER,
) = range(len(PLAIN))

BY_GROUP: Final = (
    "inflow.victim_share",
    "inflow.dublin_share",
    "inflow.women_share",
    "inflow.minor_share",
    "receiving.italy_share",
    "trait.debt",
    *(f"victim.{form.removesuffix('_exploitation')}_share" for form in FORMS[:-1]),
)
"""Stems of parameters with a value for each nationality group, which follow one another."""
NATIONALITIES: Final = len(GROUPS)
VICTIM_SHARE: Final = len(PLAIN)
DUBLIN_SHARE: Final = VICTIM_SHARE + NATIONALITIES
WOMEN_SHARE: Final = DUBLIN_SHARE + NATIONALITIES
MINOR_SHARE: Final = WOMEN_SHARE + NATIONALITIES
ITALY_SHARE: Final = MINOR_SHARE + NATIONALITIES
DEBT: Final = ITALY_SHARE + NATIONALITIES
FORM_SHARES: Final = DEBT + NATIONALITIES
NAMES: Final = (*PLAIN, *(f"{stem}_{group}" for stem in BY_GROUP for group in GROUPS))
"""Every parameter of the people, in the order of their values."""

QUESTIONS: Final = (
    "trait day of arrival",
    "trait victim",
    "trait dublin",
    "trait place of exploitation",
    "trait control style",
    "trait sex",
    "trait minor",
    "trait eurodac",
    "trait strategic",
    "trait form of exploitation",
    "trait receiving state",
    "trait cell",
    "trait fear",
    "trait trust",
    "trait trauma",
    "trait knowledge",
    "trait debt",
    "trait protect_others",
    "trait retribution",
    "cell is linked",
    "cell linked to",
    "reception site",
    "language",
    "journey",
    "contact in_centre",
    "contact on_route",
    "contact in_network",
    "trait drawn by the rule",
)
"""Names of the draws."""
(
    ASKS_DAY,
    ASKS_VICTIM,
    ASKS_DUBLIN,
    ASKS_PLACE,
    ASKS_STYLE,
    ASKS_SEX,
    ASKS_MINOR,
    ASKS_EURODAC,
    ASKS_STRATEGIC,
    ASKS_FORM,
    ASKS_RECEIVING,
    ASKS_CELL,
    ASKS_FEAR,
    ASKS_TRUST,
    ASKS_TRAUMA,
    ASKS_KNOWLEDGE,
    ASKS_DEBT,
    ASKS_PROTECT_OTHERS,
    ASKS_RETRIBUTION,
    ASKS_LINKED,
    ASKS_LINKED_TO,
    ASKS_SITE,
    ASKS_LANGUAGE,
    ASKS_JOURNEY,
    ASKS_CENTRE_CONTACT,
    ASKS_ROUTE_CONTACT,
    ASKS_NETWORK_CONTACT,
    ASKS_DRAWN,
) = range(len(QUESTIONS))
