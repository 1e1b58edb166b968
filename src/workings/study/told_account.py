"""Where every row went, worked: read, left out, by class, held out by the rule of the split; what was filled in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from workings.expression import (
    Node,
    Symbol,
    absolute,
    at_least,
    at_most,
    equation,
    greater,
    indexed,
    largest,
    less,
    maximum,
    minimum,
    number,
    symbol,
    symbols,
    total,
)
from workings.language import message
from workings.study.account import DataAccount, Filled, SplitAccount
from workings.study.split import share_in_digits
from workings.working import Derivation, Rule, Table, Working

__all__ = ["MOST_CLASSES", "MOST_FILLED", "explain_account"]

# So many classes, filled columns and text columns have a line each, here and on the page.
MOST_CLASSES = 30
MOST_FILLED = 40
_MOST_ENCODED = 40

# Letters, which need no translation; the notes say what they are.
n, f, h, q, u, k, K = symbols("n f h q u k K")
c_k, g_k, r_k = indexed("c", k), indexed("g", k), indexed("r", k)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def explain_account(account: DataAccount) -> Working:
    """Return where every row went, by class and by the split, what was filled in, and how many columns there are."""
    w = Derivation("study", message("Which rows do these numbers rest on?"))
    _used(w, account)
    _classes(w, account)
    if account.split is not None:
        _split(w, account, account.split)
    for place, one in enumerate(account.filled[:MOST_FILLED], start=1):
        _filled(w, one, str(place))
    _columns(w, account)
    _scores(w, account)
    w.conclude(
        message("{used} of {read} rows are used.", used=str(account.rows_used), read=str(account.rows_read)),
    )
    return w.build()


def _used(w: Derivation, account: DataAccount) -> None:
    read = symbol("n_0")
    w.given("n_0", account.rows_read, message("rows read"), source="state")
    kept: Node = read
    for place, dropped in enumerate(account.dropped, start=1):
        name = f"d_{place}"
        about = message("rows left out because {reason}", reason=dropped.reason)
        w.given(name, dropped.count, about, source="state")
        kept = kept - symbol(name)
    w.line(
        "rows_used",
        equation(n, kept),
        account.rows_used,
        title=message("Rows used"),
        rule=Rule.DIFFERENCE,
        note=message("{read} rows were read; what is taken away from them was left out.", read=read)
        if account.dropped
        else message("{read} rows were read, and all of them are used.", read=read),
    )


def _classes(w: Derivation, account: DataAccount) -> None:
    """Add the classes up to the rows used."""
    if not account.classes:
        return
    w.given("K", len(account.classes), message("the number of classes"))
    w.given("c", np.array([rows for _, rows in account.classes]), message("rows of each class"), source="state")
    w.line(
        "classes",
        equation(n, total(c_k, k, 1, K)),
        account.rows_used,
        title=message("By class"),
        rule=Rule.SUM,
        note=message("The rows of the {count} classes add up to the rows used.", count=len(account.classes)),
    )
    listed = tuple(account.classes[:MOST_CLASSES])
    left_out = len(account.classes) if len(listed) < len(account.classes) else None
    w.table(
        "rows_by_class", Table((message("Class"), c_k), listed, total=left_out), title=message("Rows of each class")
    )


def _split(w: Derivation, account: DataAccount, split: SplitAccount) -> None:
    """Hold out the share of each class, rounded; what is not held out is fitted on."""
    w.given("q", share_in_digits(split.test_size), message("the share to hold out"))
    rounded = [round(group.rows * share_in_digits(split.test_size)) for group in split.groups]
    at_the_edge = any(r != group.held_out for r, group in zip(rounded, split.groups, strict=True))
    if split.lost:
        w.given("u", split.lost, message("rows held out and then left out"), source="state")
    if split.stratified:
        held_out = _by_class(w, account, split, rounded, at_the_edge=at_the_edge)
    else:
        held_out = _in_one(w, split, rounded[0], at_the_edge=at_the_edge)
    test = held_out - u if split.lost else held_out
    w.line("rows_test", equation(h, test), split.test, title=message("Rows held out"), rule=Rule.SUM)
    w.line("rows_train", equation(f, n - h), split.train, title=message("Rows to fit on"), rule=Rule.DIFFERENCE)


def _by_class(
    w: Derivation, account: DataAccount, split: SplitAccount, rounded: Sequence[int], *, at_the_edge: bool
) -> Node:
    """Return how many are held out of all classes together, each class rounded by itself."""
    rows: Node = c_k
    if split.lost:  # some rows of the classes are no longer among those used
        rows = g_k
        before = np.array([group.rows for group in split.groups])
        w.given("g", before, message("rows of each class before the split"), source="state")
    w.given("r", np.array(rounded), message("the share of each class, rounded to whole rows"))
    out = _kept_inside(r_k, rows) if at_the_edge else r_k
    w.claim(
        "rounded",
        at_most(largest(absolute(r_k - q * rows), k, 1, K), number(0.5)),
        title=message("The share of each class, in whole rows"),
        note=message(
            "{r} is {share} rounded to a whole number, halves to the even one: it is off by a half at most.",
            r=r_k,
            share=q * rows,
        ),
    )
    t, s = symbols("t s")
    if at_the_edge:
        _define_the_edge(w, t, out)
    cells = (
        (group.label, group.rows, r, group.held_out, group.rows - group.held_out)
        for group, r in zip(split.groups, rounded, strict=True)
    )
    left_out = len(split.groups) if len(split.groups) > MOST_CLASSES else None
    heads = (message("Class"), rows, r_k, equation(t, out), equation(s, rows - t))
    w.table(
        "split_by_class",
        Table(heads, tuple(islice(cells, MOST_CLASSES)), total=left_out),
        title=message("The split of each class"),
        note=message("Of each class {t} rows are held out and {s} are to fit on.", t=t, s=s),
    )
    return total(out, k, 1, K)


def _in_one(w: Derivation, split: SplitAccount, rounded: int, *, at_the_edge: bool) -> Node:
    """Return how many are held out of all rows, which are split as one group."""
    rows: Node = n + u if split.lost else n
    r = symbol("r")
    w.given("r", rounded, message("the share of the rows, rounded to whole rows"))
    w.claim(
        "rounded",
        at_most(absolute(r - q * rows), number(0.5)),
        title=message("The share of the rows, in whole rows"),
        note=message(
            "{r} is {share} rounded to a whole number, halves to the even one: it is off by a half at most.",
            r=r,
            share=q * rows,
        ),
    )
    if not at_the_edge:
        return r
    out = _kept_inside(r, rows)
    _define_the_edge(w, symbol("t"), out)
    return out


def _kept_inside(rounded: Node, rows: Node) -> Node:
    return minimum(maximum(rounded, 1), rows - 1)


def _define_the_edge(w: Derivation, held_out: Node, rule: Node) -> None:
    title, note = message("What is held out"), message("At least one row stays on each side of the split.")
    w.define("at_the_edge", equation(held_out, rule), title=title, note=note)


def _filled(w: Derivation, one: Filled, place: str) -> None:
    """Count what was missing in a column, and derive what stands in for it."""
    missing, in_train, in_test, present = (symbol(f"{letter}_{place}") for letter in ("m", "a", "b", "v"))
    with w.part(f"filled_{place}", message("Missing values of {column}", column=one.column)):
        w.given(in_train.name, one.in_training, message("missing among the rows to fit on"), source="state")
        w.given(in_test.name, one.count - one.in_training, message("missing among the rows held out"), source="state")
        w.line(
            f"missing_{place}",
            equation(missing, in_train + in_test),
            one.count,
            title=message("Missing: to fit on, and held out"),
            rule=Rule.SUM,
        )
        title = message("Present among the rows to fit on")
        if one.present is None:
            known = sum(rows for _, rows in one.frequencies)
            w.line(f"present_{place}", equation(present, f - in_train), known, title=title, rule=Rule.DIFFERENCE)
            _most_frequent(w, one, place)
            return
        w.line(f"present_{place}", equation(present, f - in_train), len(one.present), title=title, rule=Rule.DIFFERENCE)
        x, i, mean = _letter("x", place), symbol("i"), _letter("x̄", place)
        w.given(x.name, one.present, message("the values of {column} that are present", column=one.column))
        w.line(
            f"mean_{place}",
            equation(mean, total(indexed(x, i), i, 1, present) / present),
            float(one.value),
            title=message("Their mean stands in"),
            rule=Rule.MEAN,
        )


def _most_frequent(w: Derivation, one: Filled, place: str) -> None:
    counts, j = _letter("c", place), symbol("j")
    names = [name for name, _ in one.frequencies]
    said = one.value if isinstance(one.value, str) else str(int(one.value))
    best = names.index(said) + 1
    w.given(counts.name, np.array([rows for _, rows in one.frequencies]), message("rows of each value"), source="state")
    w.claim(
        f"most_frequent_{place}",
        at_least(indexed(counts, best), largest(indexed(counts, j), j, 1, len(names))),
        title=message("The most frequent value, {value}, stands in", value=said),
        note=message("It is value {place} of {count} in their order.", place=best, count=len(names)),
    )


def _columns(w: Derivation, account: DataAccount) -> None:
    """Count the columns of numbers that the columns of the table give."""
    if account.terms is None or account.columns is None:
        return
    a, j, z = symbols("a j z")
    categories = indexed("l", j)
    w.given("a", account.columns - len(account.encoded), message("columns that give one number a row"))
    terms: Node = a
    if account.encoded:
        w.given(
            "l", np.array([len(one.categories) for one in account.encoded]), message("categories of each text column")
        )
        terms = terms + total(categories - 1, j, 1, len(account.encoded))
    if account.constant:
        w.given("z", len(account.constant), message("columns left out because they do not vary"))
        terms = terms - z
    note = message("A text column gives one column of 0 and 1 for each of its categories but the first.")
    w.line(
        "terms",
        equation(symbol("p"), terms),
        account.terms,
        title=message("Columns of the model"),
        rule=Rule.SUM,
        note=note if account.encoded else None,
    )
    if account.encoded:
        rows = tuple((one.column, len(one.categories), len(one.categories) - 1) for one in account.encoded)
        left_out = len(rows) if len(rows) > _MOST_ENCODED else None
        heads = (message("Column"), categories, equation(categories - 1, categories - 1))
        w.table("encoded", Table(heads, rows[:_MOST_ENCODED], total=left_out), title=message("Columns of 0 and 1"))


def _scores(w: Derivation, account: DataAccount) -> None:
    """See where scores are no probabilities."""
    if account.scores is None or (account.scores[0] >= 0 and account.scores[1] <= 1):
        return
    low, high = symbols("s_min s_max")
    ends = account.scores
    w.given(low.name, ends[0], message("the lowest score"), source="state")
    w.given(high.name, ends[1], message("the highest score"), source="state")
    below = less(low, 0) if ends[0] < 0 else at_least(low, 0)
    above = greater(high, 1) if ends[1] > 1 else at_most(high, 1)
    w.claim("lowest", below, title=message("The lowest score"), digits=6)
    w.claim("highest", above, title=message("The highest score"), digits=6)


def _letter(name: str, place: str) -> Symbol:
    """Return the letter of a column's values: its place among the columns filled, raised in brackets."""
    latex = {"x̄": r"\bar{x}"}.get(name, name)
    return Symbol(f"{name}⁽{place.translate(_RAISED)}⁾", style="italic", latex=f"{latex}^{{({place})}}")
