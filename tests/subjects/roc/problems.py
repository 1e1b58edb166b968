"""Figures that the R package pROC 1.18.0 gave on data that comes with scikit-learn, and curves computed pair by pair.

The label is "malignant" for the breast cancer data and "class 0" for the wine data; the score is the column itself.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
from sklearn.datasets import load_breast_cancer, load_wine

# dataset, column, AUC, variance, interval, partial area to FPR 0.1 plain and corrected, Youden's threshold (a midpoint)
# with its specificity and sensitivity.
PROC = [
    (
        "breast_cancer",
        "mean radius",
        0.937516516040378,
        0.000109354203582323,
        (0.917020670853334, 0.958012361227423),
        (0.0736760742032662, 0.861453022122454),
        (15.045, 0.969187675070028, 0.759433962264151),
    ),
    (
        "breast_cancer",
        "worst concave points",
        0.966703662597114,
        5.50356956046614e-05,
        (0.95216346458149, 0.981243860612738),
        (0.0825051860366788, 0.907922031771994),
        (0.1358, 0.943977591036415, 0.867924528301887),
    ),
    (
        "breast_cancer",
        "mean fractal dimension",
        0.484534379789652,
        0.000691401515010099,
        (0.432998077550581, 0.536070682028722),
        (0.0072432746683579, 0.511806708780831),
        (0.066455, 0.792717086834734, 0.287735849056604),
    ),
    (
        "wine",
        "alcohol",
        0.901865831078194,
        0.000468233220391096,
        (0.859454763718207, 0.944276898438181),
        (0.0420595356786782, 0.695050187782517),
        (13.04, 0.714285714285714, 0.966101694915254),
    ),
]

# columns, z, p and covariance of the paired test on the breast cancer data.
PROC_PAIRED = ("mean radius", "worst concave points", -2.41801804811151, 0.0156053027772463, 9.34416963983309e-06)


@cache
def columns(dataset, column):
    """Return which rows are positive and their scores."""
    bunch = {"breast_cancer": load_breast_cancer, "wine": load_wine}[dataset]()
    names = [str(name) for name in bunch.feature_names]
    return bunch.target == 0, bunch.data[:, names.index(column)].copy()


def placements(rows, others):
    """Return the exact share of ``others`` below each of ``rows``, ties counted half, one comparison at a time."""
    return [Fraction(sum(2 * (o < r) + (o == r) for o in others), 2 * len(others)) for r in rows]


def exact_area(positive, score):
    """Return the exact share of ordered pairs."""
    shares = placements(score[positive].tolist(), score[~positive].tolist())
    return sum(shares) / len(shares)


def delong(positive, *scores):
    """Return exact AUCs and the matrix of exact DeLong covariances of several scores of the same rows."""
    shares = []
    for score in scores:
        above, below = score[positive].tolist(), score[~positive].tolist()
        shares.append((placements(above, below), [1 - share for share in placements(below, above)]))
    areas = [sum(of_positives) / len(of_positives) for of_positives, _ in shares]
    covariances = {}
    for a, b in product(range(len(scores)), repeat=2):
        covariances[a, b] = sum(
            sum((x - areas[a]) * (y - areas[b]) for x, y in zip(shares[a][side], shares[b][side], strict=True))
            / (len(shares[a][side]) * (len(shares[a][side]) - 1))
            for side in (0, 1)
        )
    return areas, covariances


def all_points(positive, score):
    """Return threshold, TP and FP at every different score and above them all, from the highest."""
    cuts = [np.inf, *sorted(set(score.tolist()), reverse=True)]
    return [(cut, int(np.sum(positive & (score >= cut))), int(np.sum(~positive & (score >= cut)))) for cut in cuts]
