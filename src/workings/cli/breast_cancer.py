"""The demonstration's data: the Wisconsin breast cancer measurements, which come with scikit-learn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workings.language import message

if TYPE_CHECKING:
    from workings.study import Study

__all__ = ["breast_cancer", "named"]


def breast_cancer() -> pa.Table:
    """Return 569 people: 30 measurements of cell nuclei, and the diagnosis, malignant or benign.

    Source
    ------
    W. N. Street, W. H. Wolberg and O. L. Mangasarian (1993), "Nuclear feature extraction for breast tumor diagnosis",
    IS&T/SPIE 1905, 861-870.
    """
    from sklearn.datasets import load_breast_cancer

    data: Any = load_breast_cancer()
    columns = {str(name): data.data[:, place] for place, name in enumerate(data.feature_names)}
    return pa.table({**columns, "diagnosis": np.asarray(data.target_names)[data.target]})


def named(study: Study) -> Study:
    """Return a study of these data that says what they are."""
    source = message("Wisconsin breast cancer measurements, which come with scikit-learn")
    return replace(study, data=replace(study.data, source=source))
