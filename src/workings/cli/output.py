"""What a command hands over: its numbers on standard output, its files all or none, its notes on standard error."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path

from workings.cli.progress import Watch
from workings.cli.terminal import note, print_table, said_as_warning, say
from workings.errors import InputError
from workings.language import Message, grouped, message
from workings.outputs import check_place, replacing_all
from workings.study import Study
from workings.study.modelfile import write_model
from workings.working import Verification

__all__ = ["check_places", "print_predictions", "print_study", "write_files"]


def check_places(*paths: Path | None, inputs: Sequence[str | Path] = ()) -> None:
    """Refuse places that no file can be put in, or where what is read lies, before any work is done."""
    places = [check_place(path).resolve() for path in paths if path is not None]
    for place in places:
        if places.count(place) > 1:
            raise InputError(
                message(
                    'output "{path}": must be another file than the other outputs; name each its own', path=str(place)
                )
            )
        if place in [Path(each).resolve() for each in inputs]:
            raise InputError(
                message('output "{path}": is what is read, and would be lost; name another file', path=str(place))
            )


def write_files(
    study: Study,
    progress: Watch,
    *,
    report: Path | None = None,
    json: Path | None = None,
    model: Path | None = None,
) -> None:
    """Check every line, then write the files that were asked for, all or none."""
    # Nothing is printed or written that does not verify.
    progress.now(message("Checking every line"))
    study.verifications.values()
    progress.now(message("Writing"))
    wanted = [path for path in (report, json, model) if path is not None]
    with replacing_all(wanted) as drafts:
        place = dict(zip(wanted, drafts, strict=True))
        if report is not None:
            study.report(place[report])
        if json is not None:
            study.to_json(place[json])
        if model is not None and study.model is not None:
            write_model(study.model, place[model])


def print_study(
    study: Study, *, report: Path | None = None, json: Path | None = None, model: Path | None = None
) -> None:
    """Print the numbers, and where the files are."""
    _print_numbers(study)
    if report is not None:
        say(message("Report: {path}", path=str(report)))
    if json is not None:
        say(message("Numbers: {path}", path=str(json)))
    if model is not None:
        say(message("Model: {path}", path=str(model)))


def print_predictions(study: Study, output: Path | None) -> None:
    """Say what was predicted how often; with the predictions on standard output, on standard error."""
    _print_notes(study)
    if output is None:
        return
    rows = [(study.names[name], grouped(value)) for name, value in study.metrics.items()]
    print_table((message("Predictions"), message("Rows")), rows)
    say(message("Predictions: {path}", path=str(output)))


def _print_numbers(study: Study) -> None:
    say(study.title, style="bold")
    if study.lead is not None:
        say(study.lead)
    say()
    _print_account(study)
    say()
    _print_headline(study)
    if study.confusion is not None:
        say()
        _print_matrix(study)
    if study.thresholds:
        say()
        _print_thresholds(study)
    if study.comparison is not None and study.comparison_names is not None:
        say()
        _print_comparison(study)
    say()
    _print_rates(study)
    say()
    say(equations_checked(study.verifications.values()))
    _print_notes(study)


def equations_checked(outcomes: Iterable[Verification]) -> Message:
    """Return how many equations were evaluated again, and how: only what came from the inputs had 50 digits."""
    found = Counter[str]()
    for outcome in outcomes:
        found.update(outcome.scope)
    count = found.total()
    if set(found) <= {"inputs"}:
        return message("Checked: {count} {count:equation|equations}, evaluated again at 50 digits.", count=count)
    ways = {
        "inputs": message("{count} from the inputs at 50 digits", count=found["inputs"]),
        "recount": message(
            "{count} from the inputs with exact integers and exactly rounded sums", count=found["recount"]
        ),
        "state": message("{count} from the merged state", count=found["state"]),
    }
    first, *others = (way for scope, way in ways.items() if found[scope])
    how = reduce(lambda before, way: message("{before}, {way}", before=before, way=way), others, first)
    return message("Checked: {count} {count:equation|equations}, evaluated again: {how}.", count=count, how=how)


def _print_account(study: Study) -> None:
    """Print where every row went."""
    account = study.data
    rows: list[tuple[Message, str]] = [(message("read"), grouped(account.rows_read))]
    rows += [(message("left out: {reason}", reason=each.reason), grouped(each.count)) for each in account.dropped]
    rows.append((message("used"), grouped(account.rows_used)))
    rows += [(message("of these {label}", label=label), grouped(count)) for label, count in account.classes]
    if account.split is not None:
        rows.append((message("to fit on"), grouped(account.split.train)))
        rows.append((message("held out"), grouped(account.split.test)))
    print_table((account.source, message("rows")), rows)


def _print_headline(study: Study) -> None:
    rows = [(headline.name, _number(headline.value), _interval(headline.interval)) for headline in study.headline]
    print_table((message("Result"), message("Value"), message("95 % interval")), rows)


def _print_matrix(study: Study) -> None:
    matrix = study.confusion
    if matrix is None:
        return
    title = (
        message("Confusion matrix")
        if study.threshold is None
        else message("Confusion matrix at the threshold {threshold}", threshold=_number(study.threshold))
    )
    labels = [str(label) for label in matrix.labels]
    rows = [
        (label, *(_number(count) for count in line)) for label, line in zip(labels, matrix.counts.tolist(), strict=True)
    ]
    print_table((message("actual \\ predicted"), *labels), rows, title=title)


def _print_thresholds(study: Study) -> None:
    rows: list[Sequence[str | Message]] = []
    for row in study.thresholds:
        rates = row.confusion.rates
        shown = [_number(rates[name]) for name in ("recall", "specificity", "precision")]
        cells = [_number(count) for count in row.confusion.cells]
        rows.append((row.name, _number(row.threshold), *shown, *cells))
    print_table(
        (
            message("Thresholds"), message("threshold"), message("sensitivity"), message("specificity"),
            message("precision"), "TP", "FP", "FN", "TN",
        ),
        rows,
    )  # fmt: skip


def _print_comparison(study: Study) -> None:
    metrics = study.metrics
    first, second = study.comparison_names or ("", "")
    rows = [
        (message("AUC of {score}", score=first), _number(metrics["auc_a"]), ""),
        (message("AUC of {score}", score=second), _number(metrics["auc_b"]), ""),
        (
            study.names["difference"],
            _number(metrics["difference"]),
            _interval((metrics["difference_low"], metrics["difference_high"])),
        ),
        ("z", _number(metrics["z"]), ""),
        ("p", _number(metrics["p_value"]), ""),
    ]
    print_table((message("Paired DeLong test"), message("Value"), message("95 % interval")), rows)


def _print_rates(study: Study) -> None:
    shown = {headline.metric for headline in study.headline} | {
        "tp", "fp", "fn", "tn", "threshold", "auc_low", "auc_high", "auc_a", "auc_b", "difference", "difference_low",
        "difference_high", "z", "p_value", "rows_read", "rows_used", "rows_train", "rows_test",
    }  # fmt: skip
    names = [name for name in study.metrics if name not in shown and not name.startswith("best_")]
    rows = [(study.names[name], _number(study.metrics[name]), _interval(study.intervals.get(name))) for name in names]
    print_table((message("All numbers"), message("Value"), message("95 % interval")), rows)


def _print_notes(study: Study) -> None:
    for text in study.notes:
        if not said_as_warning(text):
            note(text)


def _number(value: float) -> str:
    if isinstance(value, int):
        return grouped(value)
    return "-" if math.isnan(value) else grouped(f"{value:.5g}")


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.5g} - {interval[1]:.5g}"
