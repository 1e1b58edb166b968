"""The commands that are not explained or drawn by subject: evaluate, fit, predict, demo, practise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from workings.cli.options import (
    Compared,
    DropMissing,
    File,
    Help,
    Json,
    Language,
    Query,
    Report,
    Table,
    Weight,
    Where,
    split_names,
)
from workings.language import message

__all__ = ["demo", "evaluate", "fit", "practise", "predict"]


def evaluate(
    *,
    file: File,
    label: Annotated[
        str, typer.Option("--label", metavar="COL", help=message("Column of the true class: two values.").sentence)
    ],
    score: Annotated[
        str, typer.Option("--score", metavar="COL", help=message("Column of scores: larger says positive.").sentence)
    ],
    threshold: Annotated[
        float, typer.Option("--threshold", help=message("The decision is positive from this score on.").sentence)
    ] = 0.5,
    positive: Annotated[
        str | None, typer.Option("--positive", metavar="VALUE", help=message("The label that is positive.").sentence)
    ] = None,
    weight: Weight = None,
    where: Where = None,
    compare: Compared = None,
    cost_fp: Annotated[float, typer.Option("--cost-fp", help=message("Cost of a false positive.").sentence)] = 1.0,
    cost_fn: Annotated[float, typer.Option("--cost-fn", help=message("Cost of a false negative.").sentence)] = 1.0,
    drop_missing: DropMissing = False,
    table: Table = None,
    query: Query = None,
    report: Report = None,
    json: Json = None,
    lang: Language = None,
    show_help: Help = False,
) -> None:
    """Run :func:`workings.evaluate` and hand over what it gives."""
    from workings import study
    from workings.cli.output import check_places, print_study, write_files
    from workings.cli.progress import Watch

    check_places(report, json, inputs=[file])
    with Watch() as progress:
        found = study.evaluate(
            file,
            label=label,
            score=score,
            threshold=threshold,
            positive=positive,
            weight=weight,
            where=where,
            compare=compare,
            table=table,
            query=query,
            cost_fp=cost_fp,
            cost_fn=cost_fn,
            drop_missing=drop_missing,
            progress=progress,
        )
        write_files(found, progress, report=report, json=json)
    print_study(found, report=report, json=json)


def fit(
    *,
    file: File,
    target: Annotated[str, typer.Option("--target", metavar="COL", help=message("Column to predict.").sentence)],
    features: Annotated[
        list[str] | None,
        typer.Option(
            "--features", metavar="A,B,C", help=message("Columns to predict it from; all others by default.").sentence
        ),
    ] = None,
    kind: Annotated[
        Literal["auto", "linear", "logistic"],
        typer.Option("--kind", help=message("A number, classes, or by the target.").sentence),
    ] = "auto",
    normalize: Annotated[
        Literal["z-score", "min-max", "none"],
        typer.Option("--normalize", help=message("How columns are normalised.").sentence),
    ] = "z-score",
    positive: Annotated[
        str | None,
        typer.Option("--positive", metavar="VALUE", help=message("Of two classes, the one that is positive.").sentence),
    ] = None,
    weight: Weight = None,
    test_size: Annotated[
        float, typer.Option("--test-size", help=message("Share of the rows that is held out.").sentence)
    ] = 0.25,
    seed: Annotated[int, typer.Option("--seed", help=message("Decides which rows are held out.").sentence)] = 0,
    where: Where = None,
    drop_missing: DropMissing = False,
    table: Table = None,
    query: Query = None,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="JSON", help=message("Write the fitted model here.").sentence)
    ] = None,
    report: Report = None,
    json: Json = None,
    lang: Language = None,
    show_help: Help = False,
) -> None:
    """Run :func:`workings.fit` and hand over what it gives."""
    from workings import study
    from workings.cli.output import check_places, print_study, write_files
    from workings.cli.progress import Watch

    check_places(report, json, model, inputs=[file])
    with Watch() as progress:
        found = study.fit(
            file,
            target=target,
            features=split_names(features),
            kind=kind,
            normalize=normalize,
            positive=positive,
            weight=weight,
            test_size=test_size,
            seed=seed,
            where=where,
            table=table,
            query=query,
            drop_missing=drop_missing,
            progress=progress,
        )
        write_files(found, progress, report=report, json=json, model=model)
    print_study(found, report=report, json=json, model=model)


def predict(
    *,
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help=message("Model file that `fit --model` wrote.").sentence)
    ],
    file: File,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=message("Write here (.csv, .parquet, ...); else CSV is printed.").sentence,
        ),
    ] = None,
    where: Where = None,
    table: Table = None,
    query: Query = None,
    lang: Language = None,
    show_help: Help = False,
) -> None:
    """Run :func:`workings.predict` and hand over what it gives."""
    from workings import study
    from workings.cli.output import check_places, print_predictions
    from workings.cli.progress import Watch

    if output == Path("-"):
        output = None
    # The table may be written over itself: every column of it is kept.
    check_places(output, inputs=[model])
    with Watch() as progress:
        found = study.predict(
            model,
            file,
            output="-" if output is None else output,
            where=where,
            table=table,
            query=query,
            progress=progress,
        )
    print_predictions(found, output)


def demo(
    report: Annotated[
        Path, typer.Option("--report", metavar="HTML", help=message("Where the report goes.").sentence)
    ] = Path("workings-demo.html"),
    lang: Language = None,
    show_help: Help = False,
) -> None:
    """Run :func:`workings.fit` on the breast cancer measurements and hand over what it gives."""
    from workings import study
    from workings.cli.breast_cancer import breast_cancer, named
    from workings.cli.output import check_places, print_study, write_files
    from workings.cli.progress import Watch

    check_places(report)
    with Watch() as progress:
        found = named(study.fit(breast_cancer(), target="diagnosis", progress=progress))
        write_files(found, progress, report=report)
    print_study(found, report=report)


def practise(
    *,
    subject: Annotated[
        Literal[
            "convolution", "sigmoid", "normalization", "chain-rule", "confusion", "roc", "integration", "regression"
        ],
        typer.Argument(
            metavar="SUBJECT", help=message("Which subject's lines are asked.").sentence, show_default=False
        ),
    ],
    seed: Annotated[
        int | None,
        typer.Option("--seed", help=message("Which problem; the same number gives the same one.").sentence),
    ] = None,
    lang: Language = None,
    show_help: Help = False,
) -> None:
    """Run :func:`workings.practise` with the terminal."""
    from secrets import randbelow

    from workings.cli.terminal import plain, say
    from workings.working import practise as posed
    from workings.working.practice import SUBJECTS

    number = randbelow(1_000_000) if seed is None else seed
    say(message("Problem {number}: {subject}", number=number, subject=SUBJECTS[subject]), style="bold")
    posed(subject, number).run(ask=lambda prompt: input(plain(prompt)), say=say)
