"""Min-max and z-score normalisation of arrays, tables and streams.

The scalers are in :mod:`workings.subjects.normalization.estimators`, which alone imports scikit-learn.
"""

from workings.subjects.normalization.compute import min_max_normalize, z_score_normalize
from workings.subjects.normalization.summary import ColumnMoments, column_moments

__all__ = ["ColumnMoments", "column_moments", "min_max_normalize", "z_score_normalize"]
