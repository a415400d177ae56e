"""Word of mouth: what happens to people is told to those they know some days later, truly or the other way round."""

from __future__ import annotations

from sim.engine.columns import (
    AT_BELIEF,
    CAN_HEAR,
    CAN_HEAR_SLOT,
    CONTACTS,
    NEWS_AFTER,
    NEWS_BELIEF,
    NEWS_DRAW,
    NEWS_NUMBERS,
    NEWS_SAYS,
    PERSONS,
    STEP_NEWS,
    STORY_DISTORTED,
    STORY_WEIGHT,
)
from sim.engine.compiled import compiled, int64
from sim.engine.decisions import is_at
from sim.engine.draws import chain, uniform
from sim.engine.moves import touch
from sim.engine.state import HEARD, KEY, TOLD, Arrays


@compiled
def pass_on(a: Arrays, day: int) -> None:
    """Tell the news that is old enough to the contacts who are where one can hear it."""
    t = a.t
    contacts, persons = int64(t[CONTACTS]), int64(t[PERSONS])
    while a.g[HEARD] < a.g[TOLD]:
        teller, what = int64(a.list[3, a.g[HEARD]]), int64(a.list[4, a.g[HEARD]])
        if (what >> 8) + t[NEWS_AFTER] > day:
            return
        a.g[HEARD] += 1
        if teller >= persons:
            continue
        for place in range(int64(a.member[contacts + teller]), int64(a.member[contacts + teller + 1])):
            listener = int64(a.member[contacts + persons + 1 + place])
            if is_at(a, int64(t[CAN_HEAR]), int64(t[CAN_HEAR_SLOT]), listener):
                hear(a, listener, teller, what & 255, day)


@compiled
def hear(a: Arrays, e: int, teller: int, step: int, day: int) -> None:
    """Move what a person believes towards what a story says; if it is told truly is luck of the two and the step."""
    t = a.t
    touch(a, e, day)
    pair = chain(a.k[e, KEY], a.k[teller, KEY])
    turned = uniform(pair, a.u[t[NEWS_DRAW]], step) < a.f[NEWS_NUMBERS + STORY_DISTORTED]
    for row in range(int64(t[STEP_NEWS + 2 * step]), int64(t[STEP_NEWS + 2 * step + 1])):
        says = -float(t[NEWS_SAYS + row]) if turned else float(t[NEWS_SAYS + row])
        place = t[AT_BELIEF] + t[NEWS_BELIEF + row]
        believed = float(a.x[e, place])
        a.x[e, place] = believed + float(a.f[NEWS_NUMBERS + STORY_WEIGHT]) * (says - believed)
