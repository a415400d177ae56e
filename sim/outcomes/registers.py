"""What the registers would show of each person, compiled; the model is in ``sim.outcomes.recorded``."""

from __future__ import annotations

from typing import Final

from sim.engine.columns import NEVER
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.draws import uniform
from sim.outcomes import tally
from sim.outcomes.asking import has_past
from sim.outcomes.tally import Tally
from sim.procedures.traits import FLAG_BIT

SIGNALLED, INTAKE, LEFT_UNKNOWN, CONTACT_STEPS = range(4)
"""In ``contact``: the steps that registers see."""
ASKS_NOTIFIER, ASKS_RECORDED, ASKS_AT_INTAKE, ASKS_TWICE, REGISTER_QUESTIONS = range(5)
"""In ``asked``: the draws."""
QUESTIONS: Final = ("notifier", "recorded by another notifier", "recorded by police", "taken for another person")
POLICE: Final = 0
"""The notifier at the intake."""
IS_VICTIM: Final = FLAG_BIT["victim"]


@inlined
def count_in(a: Tally, row: int) -> None:
    """Add one to a row of the groups of the present person."""
    for place in range(int64(a.mine[int64(a.member_of.shape[1])])):
        a.top[row, int64(a.mine[place])] += 1.0


@inlined
def first_day(a: Tally, contact: int) -> int:
    """Return the first day in the period of a step that the registers see; NEVER: not entered."""
    step = int64(a.contact[contact])
    return int64(a.first[step]) if step >= 0 else int64(NEVER)


@inlined
def first_ever(a: Tally, contact: int, e: int) -> int:
    """Return the first day of a step that the registers see, in the period or before."""
    day, step = first_day(a, contact), int64(a.contact[contact])
    if step >= 0 and has_past(a, e) and a.before_row[step] >= 0:
        day = min(day, int64(a.before[a.before_row[step], e]))
    return day


@inlined
def year_on(a: Tally, day: int) -> int:
    """Return the place of the year of a day."""
    return int64(a.year_of_day[min(day, int64(a.year_of_day.shape[0]) - 1)])


@compiled
def count_registers(a: Tally, e: int, start: int) -> None:
    """Add a person to the measures of the registers and to their counterparts, from the first measured day on."""
    victim = int64(a.flags[e]) & IS_VICTIM
    came = int64(-1)
    if victim and start <= a.arrival[e] < NEVER:
        came = year_on(a, int64(a.arrival[e]))
        count_in(a, int64(a.row[tally.CAME]))
        count_in(a, int64(a.row[tally.CAME]) + 1 + came)
    if first_day(a, LEFT_UNKNOWN) < NEVER:
        count_in(a, int64(a.row[tally.LEFT]))
    signalled = first_ever(a, SIGNALLED, e)
    if start <= signalled < NEVER:
        count_in(a, int64(a.row[tally.SIGNALLED_IN]) + year_on(a, signalled))
    if signalled < NEVER or first_ever(a, INTAKE, e) < NEVER:
        notify(a, e)
        count_notifications(a, e, came, start)


@compiled
def notify(a: Tally, e: int) -> None:
    """Draw the day on which each notifier notified the person: the police at the intake, another one at the signal."""
    notifiers = int64(a.notified.shape[0])
    for notifier in range(notifiers):
        a.notified[notifier] = NEVER
    signalled, intake = first_ever(a, SIGNALLED, e), first_ever(a, INTAKE, e)
    if signalled < NEVER:
        u, other = uniform(a.key[e], a.asked[ASKS_NOTIFIER], 0), int64(0)
        while other < notifiers - 1 and a.bound[other] < u:
            other += 1
        if uniform(a.key[e], a.asked[ASKS_RECORDED], 0) < a.chance[other, year_on(a, signalled)]:
            a.notified[other] = signalled
    if intake < NEVER and uniform(a.key[e], a.asked[ASKS_AT_INTAKE], 0) < a.chance[POLICE, year_on(a, intake)]:
        a.notified[POLICE] = min(int64(a.notified[POLICE]), intake)


@compiled
def count_notifications(a: Tally, e: int, came: int, start: int) -> None:
    """Add the notifications of a person, who is counted once unless the second is taken for another person."""
    first, second = int64(NEVER), int64(NEVER)
    for notifier in range(int64(a.notified.shape[0])):
        day = int64(a.notified[notifier])
        if start <= day < NEVER:
            count_in(a, int64(a.row[tally.NOTIFIED_BY]) + notifier)
        if day < first:
            second = first
            first = day
        elif day < second:
            second = day
    if start <= first < NEVER:
        count_in(a, int64(a.row[tally.REGISTERED]))
        count_in(a, int64(a.row[tally.REGISTERED_IN]) + year_on(a, first))
        if came >= 0:
            count_in(a, int64(a.row[tally.VICTIMS_REGISTERED]))
            count_in(a, int64(a.row[tally.VICTIMS_REGISTERED]) + 1 + came)
    if start <= second < NEVER and uniform(a.key[e], a.asked[ASKS_TWICE], 0) < a.kept_twice[0]:
        count_in(a, int64(a.row[tally.REGISTERED]))
        count_in(a, int64(a.row[tally.REGISTERED_TWICE]))
        count_in(a, int64(a.row[tally.REGISTERED_IN]) + year_on(a, second))
