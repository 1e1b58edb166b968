"""The ROC curve: the area under it with DeLong's interval, two models compared, the best threshold."""

from workings.subjects.roc.band import CurveBand
from workings.subjects.roc.best import OperatingPoint
from workings.subjects.roc.compute import auc, compare_auc, precision_recall_curve, roc_curve
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison
from workings.subjects.roc.groups import TieGroups
from workings.subjects.roc.histogram import ScoreHistogram
from workings.subjects.roc.precision_recall import PrecisionRecallCurve
from workings.subjects.roc.score import average_precision_score, roc_auc_score
from workings.subjects.roc.summary import PairedScores, RocSummary
from workings.subjects.roc.thin import CurvePoints

__all__ = [
    "AucComparison",
    "CurveBand",
    "CurvePoints",
    "OperatingPoint",
    "PairedScores",
    "PrecisionRecallCurve",
    "RocCurve",
    "RocSummary",
    "ScoreHistogram",
    "TieGroups",
    "auc",
    "average_precision_score",
    "compare_auc",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
]
