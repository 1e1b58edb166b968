"""What every result and estimator can do besides holding its values: explain itself and draw itself."""

from __future__ import annotations

from typing import Any

from workings.working.model import Working
from workings.working.registry import explain, plot

__all__ = ["Explainable"]


class Explainable:
    """What results and estimators inherit: ``explain()`` and ``plot()``."""

    def explain(self, *args: Any, **kwargs: Any) -> Working:
        """Return how this came about, line by line, with your own numbers. See :func:`workings.explain`."""
        return explain(self, *args, **kwargs)

    def plot(self, *args: Any, **kwargs: Any) -> Any:
        """Return a picture of this. See :func:`workings.plot`."""
        return plot(self, *args, **kwargs)
