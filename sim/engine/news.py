"""Word of mouth: what happens to people is told to those they know some days later, truly or reversed."""

from __future__ import annotations

from sim.engine import columns, layout
from sim.engine.access import end_of, first_of
from sim.engine.compiled import compiled, int64
from sim.engine.decisions import is_at
from sim.engine.draws import chain, uniform
from sim.engine.layout import Arrays
from sim.engine.moves import touch


@compiled
def pass_on(a: Arrays, day: int) -> None:
    """Tell the news that is old enough to the contacts who are where they can hear it."""
    t = a.t
    while a.counter[layout.HEARD] < a.counter[layout.TOLD]:
        told = a.counter[layout.HEARD]
        if a.news[told, layout.NEWS_DAY] + t[columns.NEWS_AFTER] > day:
            return
        teller, step = int64(a.news[told, layout.NEWS_WHO]), int64(a.news[told, layout.NEWS_STEP])
        a.counter[layout.HEARD] += 1
        if teller >= t[columns.PERSONS]:
            continue
        for place in range(int64(a.contact_start[teller]), int64(a.contact_start[teller + 1])):
            listener = int64(a.contact[place])
            if is_at(a, int64(t[columns.CAN_HEAR]), int64(t[columns.CAN_HEAR_SLOT]), listener):
                hear(a, listener, teller, step, day)


@compiled
def hear(a: Arrays, e: int, teller: int, step: int, day: int) -> None:
    """Move what a person believes towards what a story says; a draw of the two and the step decides if it is true."""
    t = a.t
    touch(a, e, day)
    pair = chain(a.key[e, layout.KEY], a.key[teller, layout.KEY])
    turned = uniform(pair, a.u[t[columns.NEWS_DRAW]], step) < a.f[columns.NEWS_NUMBERS + columns.STORY_DISTORTED]
    for row in range(first_of(a, columns.STEP_NEWS, step), end_of(a, columns.STEP_NEWS, step)):
        says = -float(t[columns.NEWS_SAYS + row]) if turned else float(t[columns.NEWS_SAYS + row])
        belief = t[columns.NEWS_BELIEF + row]
        believed = float(a.belief[e, belief])
        weight = float(a.f[columns.NEWS_NUMBERS + columns.STORY_WEIGHT])
        a.belief[e, belief] = believed + weight * (says - believed)
