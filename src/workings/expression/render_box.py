"""An expression laid out in two dimensions for a terminal: fractions stacked, powers raised, limits on their sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workings.expression.columns import display_width
from workings.expression.nodes import Node, Number, Symbol
from workings.expression.present import check_size, present
from workings.expression.render_text import leaf_text, raised, script_text, sign_text, to_text
from workings.expression.written_forms import (
    Big,
    Call,
    Cases,
    Fence,
    Fraction,
    Leaf,
    Part,
    Power,
    Root,
    Row,
    Script,
    Sign,
    Slot,
)

__all__ = ["Box", "to_box"]

_CELLS = 4_000_000  # a layout of more characters is not read by anyone: it is written on one line instead

# The top, the middle and the bottom of a sign that grows; as many middles as the height needs.
_TALL = {"(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "|": "│││"}
_TALL_ASCII = {"(": "/|\\", ")": "\\|/", "[": "[[[", "]": "]]]", "|": "|||"}


@dataclass(frozen=True)
class Box:
    """Lines of text of one display width; two boxes stand side by side on their baselines.

    Parameters
    ----------
    lines
        The lines, top first, padded with spaces to the same display width.
    baseline
        The index of the line on which a neighbour stands: that of a fraction's bar.
    width
        The display width of every line.
    """

    lines: tuple[str, ...]
    baseline: int
    width: int

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)


def to_box(node: Node, *, ascii: bool = False) -> Box:
    """Return an expression laid out for a terminal.

    Parameters
    ----------
    node
        The expression.
    ascii
        Draw with ASCII characters only (names from outside stay what they are).

    Returns
    -------
    Box
        A layout of more than four million characters is given on one line instead.

    Raises
    ------
    InputError
        If the expression shares its parts and would take more than five million nodes to write.

    Examples
    --------
    >>> from workings.expression import equation, exp, sigmoid, symbol, to_box
    >>> x = symbol("x")
    >>> print(to_box(equation(sigmoid(x), 1 / (1 + exp(-x)))))
                 1
    σ(x) = ─────────────
            1 + exp(-x)
    """
    check_size(node)
    layout = _lay_out(node, ascii)
    if layout is None:
        text = to_text(node, ascii=ascii)
        return Box((text,), 0, display_width(text))
    return _draw(layout)


@dataclass(slots=True)
class _Layout:
    """A rectangle: lines above and below its baseline, and where its pieces stand (column, line from the baseline)."""

    width: int
    above: int
    below: int
    pieces: list[tuple[int, int, str | _Layout]]

    @property
    def height(self) -> int:
        return self.above + 1 + self.below


@dataclass(slots=True)
class _Build:
    """What is done with the layouts of a form's parts once they are there."""

    count: int
    build: Callable[[Sequence[_Layout]], _Layout]


def _lay_out(node: Node, ascii: bool) -> _Layout | None:
    """Return the layout, None as soon as it grows too large: bars and fences take room at every level."""
    tasks: list[str | Part | _Build] = [Slot(node)]
    done: list[_Layout] = []
    while tasks:
        task = tasks.pop()
        if isinstance(task, _Build):
            parts = done[-task.count :]
            del done[-task.count :]
            layout = task.build(parts)
            if layout.height > 1 and layout.width * layout.height > _CELLS:
                return None
            done.append(layout)
        elif isinstance(task, Slot):
            tasks.append(present(task, stacked=True))
        elif isinstance(task, (str, Sign, Leaf)):
            done.append(_text(_written(task, ascii)))
        else:
            parts, build = _plan(task, ascii)
            tasks.append(_Build(len(parts), build))
            tasks.extend(reversed(parts))
    return done[0]


def _written(part: str | Sign | Leaf, ascii: bool) -> str:
    if isinstance(part, Sign):
        return sign_text(part, ascii)
    return leaf_text(part.node, ascii) if isinstance(part, Leaf) else part


def _plan(
    form: Row | Fence | Fraction | Power | Script | Root | Call | Cases | Big, ascii: bool
) -> tuple[list[str | Part], Callable[[Sequence[_Layout]], _Layout]]:
    """Return the parts of a form and how their layouts are put together."""
    if isinstance(form, Row):
        dotted = len(form.parts) == 3 and isinstance(form.parts[1], Sign) and form.parts[1].text == "·" and not ascii
        return list(form.parts), _product if dotted else _beside
    if isinstance(form, Script):
        return list(script_text(form, ascii)), _beside
    if isinstance(form, Fence):
        return [form.body], lambda parts: _fenced(form.opening, parts[0], form.closing, ascii)
    if isinstance(form, Fraction):
        return [form.top, form.bottom], lambda parts: _stacked(parts[0], parts[1], "-" if ascii else "─")
    if isinstance(form, Power):
        exponent = form.exponent.node
        short = raised(exponent, ascii)
        if short is not None:
            return [form.base, short], lambda parts: _beside(parts) if parts[0].height == 1 else _raised(*parts)
        caret = ascii and isinstance(exponent, (Number, Symbol)) and leaf_text(exponent, ascii).isalnum()
        return [form.base, form.exponent], lambda parts: _power(parts[0], parts[1], caret)
    if isinstance(form, Root):
        return [form.sign, form.body], lambda parts: _beside((parts[0], _fenced("(", parts[1], ")", ascii)))
    if isinstance(form, Big):
        signs: list[str | Part] = [form.sign, form.below, form.above if form.above is not None else "", form.body]
        return signs, lambda parts: _limits(*parts, has_above=form.above is not None)
    if isinstance(form, Cases):
        name: str | Part = "where"
        args = (form.condition, form.value, form.otherwise)
    else:
        name, args = form.name, form.args
    inside: list[str | Part] = [name, args[0]]
    for arg in args[1:]:
        inside += [", ", arg]
    return inside, lambda parts: _beside((parts[0], _fenced("(", _beside(parts[1:]), ")", ascii)))


def _text(text: str) -> _Layout:
    return _Layout(display_width(text), 0, 0, [(0, 0, text)])


def _beside(parts: Sequence[_Layout]) -> _Layout:
    pieces: list[tuple[int, int, str | _Layout]] = []
    column = 0
    for part in parts:
        pieces.append((column, 0, part))
        column += part.width
    return _Layout(column, max(part.above for part in parts), max(part.below for part in parts), pieces)


def _product(parts: Sequence[_Layout]) -> _Layout:
    """Return factors side by side, the sign standing free of what is taller than a line."""
    tall = any(part.height > 1 for part in parts)
    return _beside((parts[0], _text(" · ") if tall else parts[1], parts[2]))


def _stacked(top: _Layout, bottom: _Layout, bar: str) -> _Layout:
    width = max(top.width, bottom.width) + 2
    return _Layout(
        width,
        top.height,
        bottom.height,
        [
            ((width - top.width) // 2, -1 - top.below, top),
            (0, 0, bar * width),
            ((width - bottom.width) // 2, 1 + bottom.above, bottom),
        ],
    )


def _power(base: _Layout, exponent: _Layout, caret: bool) -> _Layout:
    return _beside((base, _text("^"), exponent)) if caret and base.height == 1 else _raised(base, exponent)


def _raised(base: _Layout, exponent: _Layout) -> _Layout:
    line = -base.above - 1 - exponent.below
    return _Layout(
        base.width + exponent.width, exponent.above - line, base.below, [(0, 0, base), (base.width, line, exponent)]
    )


def _fenced(opening: str, body: _Layout, closing: str, ascii: bool) -> _Layout:
    left, right = _fence(opening, body, ascii), _fence(closing, body, ascii)
    return _Layout(body.width + 2, body.above, body.below, [(0, 0, left), (1, 0, body), (1 + body.width, 0, right)])


def _fence(sign: str, body: _Layout, ascii: bool) -> _Layout:
    if body.height == 1:
        return _text(sign)
    top, middle, bottom = (_TALL_ASCII if ascii else _TALL)[sign]
    lines = top + middle * (body.height - 2) + bottom
    return _Layout(1, body.above, body.below, [(0, line - body.above, lines[line]) for line in range(body.height)])


def _limits(sign: _Layout, below: _Layout, above: _Layout, body: _Layout, *, has_above: bool) -> _Layout:
    width = max(sign.width, below.width, above.width)
    pieces: list[tuple[int, int, str | _Layout]] = [
        ((width - sign.width) // 2, 0, sign),
        ((width - below.width) // 2, 1 + below.above, below),
        (width + 1, 0, body),
    ]
    if has_above:
        pieces.append(((width - above.width) // 2, -1 - above.below, above))
    over = above.height if has_above else 0
    return _Layout(width + 1 + body.width, max(over, body.above), max(below.height, body.below), pieces)


def _draw(layout: _Layout) -> Box:
    """Return the lines of a layout: every piece is written once, at its absolute place."""
    lines: list[list[tuple[int, str]]] = [[] for _ in range(layout.height)]
    stack: list[tuple[int, int, str | _Layout]] = [(0, layout.above, layout)]
    while stack:
        column, line, piece = stack.pop()
        if isinstance(piece, str):
            lines[line].append((column, piece))
        else:
            stack.extend((column + dx, line + dy, inner) for dx, dy, inner in piece.pieces)
    return Box(tuple(_line(pieces, layout.width) for pieces in lines), layout.above, layout.width)


def _line(pieces: list[tuple[int, str]], width: int) -> str:
    out: list[str] = []
    at = 0
    for column, taken, text in sorted((column, display_width(text), text) for column, text in pieces):
        out += [" " * (column - at), text]  # a name of combining marks alone takes no column, and comes first
        at = column + taken
    return "".join([*out, " " * (width - at)])
