"""Where fitted sets part: for a question on which they disagree, the fewest assumptions that tell yes from no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from sim.calibration.ensembles import Ensemble
from sim.calibration.targets import load_targets
from sim.files.document import Document
from sim.files.toml import read_toml, validate
from sim.procedures.schema import Title, in_both_languages

if TYPE_CHECKING:
    import pandas as pd

FILE: Final = Path(__file__).parent / "questions.toml"
MOST_LEAVES: Final = 4
FOLDS: Final = 5
REPEATS: Final = 4
FEWEST_ON_A_SIDE: Final = 5
"""Sets that say yes, and that say no, below which nothing can be learned of what parts them."""
BETTER: Final = 0.1
"""By how much a tree must be right more often than the answer of most sets, to be told."""
BY_CHANCE: Final = 0.05
"""Chance, among all assumptions, below which the first of a tree differs between yes and no."""
SEED: Final = 1
Bools = NDArray[np.bool_]


class Fall(Document):
    """The fall from one figure to a later one, as the sets give it: names of targets, and a share of the fall."""

    before: str
    after: str
    share: float = Field(gt=0, le=1)


class Question(Document):
    """One question of the file.

    Yes where the reform has less, or more, of a measure; or where at least a share of a ``fall`` is absent in the world
    in which the old rule stayed.
    """

    title: Title
    measure: str = ""
    group: str = "all"
    sign: Literal["lower", "higher"] = "lower"
    fall: Fall | None = None

    _title = field_validator("title", mode="before")(in_both_languages)

    def answers(self, sets: Ensemble) -> Bools | None:
        """Return which sets say yes, ``[sets]``; None where what it asks of was not kept."""
        if self.fall is not None:
            return _answers_of_fall(self.fall, sets)
        differences = sets.differences()
        key = (self.measure, "simulated", self.group)
        if key not in differences.columns:
            return None
        values = differences[key].to_numpy(np.float64)
        return np.asarray(values < 0 if self.sign == "lower" else values > 0)


def _answers_of_fall(fall: Fall, sets: Ensemble) -> Bools | None:
    targets, kept = load_targets(), sets.readings[sets.receipt["compared"][0]]
    before, after = targets[fall.before], targets[fall.after]
    if after.document.reading.key not in kept.columns:
        return None
    lived = sets.figure(after)
    absent = kept[after.document.reading.key].to_numpy(np.float64) - lived
    fell = sets.figure(before) - lived
    return np.asarray((fell > 0) & (absent >= fall.share * fell))


class QuestionsFile(Document):
    """The file of questions."""

    question: dict[str, Question] = Field(min_length=1)


@dataclass(frozen=True)
class Leaf:
    """One group of sets that a tree makes.

    Attributes
    ----------
    bounds
        Assumption to the values between which it lies: ``(low, high)``, infinite where it has no bound.
    yes, sets
        How many of its sets say yes, of how many.
    """

    bounds: Mapping[str, tuple[float, float]]
    yes: int
    sets: int


@dataclass(frozen=True)
class Parting:
    """What tells sets that say yes from sets that say no.

    Attributes
    ----------
    yes, sets
        How many say yes, of how many.
    leaves
        The groups of the smallest tree that is about as often right as any; empty where the sets agree, or where no
        small tree is right more often than the answer of most sets.
    accuracy
        Share of sets of which the tree says the right answer where it was not fitted; NaN without a tree.
    """

    yes: int
    sets: int
    leaves: tuple[Leaf, ...]
    accuracy: float

    @property
    def most(self) -> float:
        """The share of sets with the answer that most give."""
        return max(self.yes, self.sets - self.yes) / max(self.sets, 1)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions of the tree, each once."""
        return tuple(dict.fromkeys(name for leaf in self.leaves for name in leaf.bounds))


def questions() -> dict[str, Question]:
    """Return the questions that are asked of every fitted set."""
    return validate(QuestionsFile, read_toml(FILE), FILE).question


def parting(assumptions: pd.DataFrame, yes: Bools) -> Parting:
    """Find the fewest assumptions that tell yes from no.

    Trees of two to four groups are judged where they were not fitted (five folds, four times). The smallest whose share
    of right answers is within one standard error of the best is taken. Its first assumption must differ between yes and
    no by more than chance among all assumptions gives (Mann and Whitney, Bonferroni).

    Parameters
    ----------
    assumptions
        ``[sets, factors]``.
    yes
        Which sets say yes, ``[sets]``.
    """
    from scipy.stats import mannwhitneyu
    from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    count, size = int(yes.sum()), int(yes.size)
    nothing = Parting(count, size, (), float("nan"))
    if min(count, size - count) < FEWEST_ON_A_SIDE:
        return nothing
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
    trees, scores = [], []
    for leaves in range(2, MOST_LEAVES + 1):
        tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=3, random_state=SEED)
        scores.append(cross_val_score(tree, assumptions.to_numpy(), yes, cv=folds))
        trees.append(tree)
    means = np.array([score.mean() for score in scores])
    best = int(means.argmax())
    enough = means[best] - scores[best].std(ddof=1) / np.sqrt(scores[best].size)
    taken = int(np.argmax(means >= enough))
    if means[taken] < nothing.most + BETTER:
        return nothing
    tree = trees[taken].fit(assumptions.to_numpy(), yes)
    first = assumptions.iloc[:, int(tree.tree_.feature[0])].to_numpy(np.float64)
    if mannwhitneyu(first[yes], first[~yes]).pvalue * assumptions.shape[1] >= BY_CHANCE:
        return nothing
    return Parting(
        count, size, tuple(_leaves(tree, list(map(str, assumptions.columns)), assumptions, yes)), float(means[taken])
    )


def _leaves(tree: Any, names: Sequence[str], assumptions: pd.DataFrame, yes: Bools) -> list[Leaf]:
    """Return the groups of a tree, those with most yes first."""
    at = tree.apply(assumptions.to_numpy())
    inner, found = tree.tree_, []

    def walk(node: int, bounds: dict[str, tuple[float, float]]) -> None:
        left, right = int(inner.children_left[node]), int(inner.children_right[node])
        if left == right:
            there = at == node
            found.append(Leaf(bounds, int(yes[there].sum()), int(there.sum())))
            return
        name, cut = names[int(inner.feature[node])], float(inner.threshold[node])
        low, high = bounds.get(name, (-np.inf, np.inf))
        walk(left, {**bounds, name: (low, min(high, cut))})
        walk(right, {**bounds, name: (max(low, cut), high)})

    walk(0, {})
    return sorted(found, key=lambda leaf: -leaf.yes / leaf.sets)


def deciding(readings: pd.DataFrame, yes: Bools) -> list[tuple[tuple[str, ...], float, float, float]]:
    """Return the readings that differ most between sets that say yes and those that say no.

    Parameters
    ----------
    readings
        What the model counts under the rules as they followed each other, ``[sets, readings]``.
    yes
        Which sets say yes.

    Returns
    -------
    list of tuple
        Name of the reading, the chance that a set that says yes is on the further side of one that says no (0.5:
        nothing is told, 1: all), and the medians of yes and no; the best first.
    """
    from scipy.stats import mannwhitneyu

    if min(yes.sum(), (~yes).sum()) < FEWEST_ON_A_SIDE:
        return []
    found = []
    for name in readings.columns:
        values = readings[name].to_numpy(np.float64)
        if not np.isfinite(values).all() or np.ptp(values) == 0:
            continue
        share = float(mannwhitneyu(values[yes], values[~yes]).statistic) / (yes.sum() * (~yes).sum())
        found.append(
            (tuple(name), max(share, 1 - share), float(np.median(values[yes])), float(np.median(values[~yes])))
        )
    return sorted(found, key=lambda row: -row[1])
