"""Why an adaptive integration ends, as a name and a sentence that says where."""

from __future__ import annotations

import math

import numpy as np

from workings.language import Message, message
from workings.subjects.integration.panels import Panels, State
from workings.subjects.integration.path import Path
from workings.subjects.integration.status import Status

__all__ = ["given_up", "settled_at_once"]

# Where the integrand is undefined in several nodes after so many bisections, it is undefined on a whole stretch.
_UNDEFINED_AFTER = 5


def settled_at_once(at: State, path: Path, tolerance: float) -> Status | None:
    """Return why the integration ends here whatever could still be bisected; None where nothing says that it does."""
    panels = at.panels
    if at.divergent:
        return Status("divergent", _divergent(panels, path))
    if ((panels.undefined >= 3) & (panels.depth >= _UNDEFINED_AFTER)).any():
        return Status("not_finite", _undefined(panels, path))
    if at.error <= tolerance and math.isfinite(at.error) and not len(at.suspicious):
        return Status(
            "converged",
            message(
                "The estimated error {error:.3g} is within the tolerance {tolerance:.3g}.",
                error=at.error,
                tolerance=tolerance,
            ),
        )
    return None


def given_up(at: State, path: Path, tolerance: float, limit: int) -> Status:
    """Return why an integration ends that has nothing left to bisect."""
    panels = at.panels
    if len(panels) >= limit:
        low, high = _apart(*_ends_of(panels, path, int(np.argmax(panels.error))))
        return Status(
            "limit",
            message(
                "The maximum number of subdivisions ({limit}) has been achieved: most of the error is between "
                "{low} and {high}. Try a larger limit, or points= where the integrand jumps or peaks.",
                limit=limit,
                low=low,
                high=high,
            ),
        )
    if panels.settled.any() and panels.error[panels.settled].sum() > 0.5 * tolerance:
        row = int(np.argmax(np.where(panels.settled, panels.error, 0.0)))
        return Status(
            "singular",
            message(
                "The integral is probably divergent, or slowly convergent: towards {place} the integrand keeps an "
                "area of about {error} beyond what floating-point numbers can tell apart.",
                place=_short(_singular_end(panels, path, row)),
                error=_short(float(panels.error[row])),
            ),
        )
    if not math.isfinite(at.error):
        return Status("not_finite", _undefined(panels, path) if panels.undefined.any() else _overflow(panels, path))
    return Status(
        "rounding",
        message(
            "The occurrence of roundoff error is detected, which prevents the requested tolerance from being "
            "achieved: rounding alone leaves {error}, and {tolerance} was asked.",
            error=_short(at.error),
            tolerance=_short(tolerance),
        ),
    )


def _divergent(panels: Panels, path: Path) -> Message:
    row = max(np.flatnonzero(panels.settled).tolist(), key=lambda r: float(panels.absolute[r]))
    return message(
        "The integral is probably divergent, or slowly convergent: towards {place} its area grows without end.",
        place=_short(_singular_end(panels, path, row)),
    )


def _undefined(panels: Panels, path: Path) -> Message:
    low, high = _apart(*_ends_of(panels, path, int(np.argmax(panels.undefined))))
    return message(
        "The integrand is NaN or infinite between {low} and {high}; the integral is undefined there.",
        low=low,
        high=high,
    )


def _overflow(panels: Panels, path: Path) -> Message:
    low, high = _apart(*_ends_of(panels, path, int(np.argmax(~np.isfinite(panels.error)))))
    return message(
        "The area between {low} and {high} is larger than the largest number there is; divide the integrand by a "
        "number first.",
        low=low,
        high=high,
    )


def _ends_of(panels: Panels, path: Path, row: int) -> tuple[float, float]:
    piece = panels.piece[row : row + 1]
    ends = [float(path.places(piece, end[row : row + 1])[0]) for end in (panels.low, panels.high)]
    return min(ends), max(ends)


def _singular_end(panels: Panels, path: Path, row: int) -> float:
    at = panels.low if panels.ends[row, 0] else panels.high
    return float(path.places(panels.piece[row : row + 1], at[row : row + 1])[0])


def _apart(low: float, high: float) -> tuple[str, str]:
    """Return two ends with as many digits as it takes to tell them apart."""
    texts = ((f"{low:.{digits}g}", f"{high:.{digits}g}") for digits in range(3, 17))
    return next((pair for pair in texts if pair[0] != pair[1]), (repr(low), repr(high)))


def _short(value: float) -> str:
    return f"{value:.3g}"
