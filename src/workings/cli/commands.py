"""The four commands: evaluate, fit, predict, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from workings.cli.options import (
    Compared,
    DropMissing,
    File,
    Json,
    Language,
    Query,
    Report,
    Table,
    Weight,
    Where,
    split_names,
)

__all__ = ["demo", "evaluate", "fit", "predict"]


def evaluate(
    *,
    file: File,
    label: Annotated[str, typer.Option("--label", metavar="COL", help="Column of the true class: two values.")],
    score: Annotated[str, typer.Option("--score", metavar="COL", help="Column of scores: larger says positive.")],
    threshold: Annotated[float, typer.Option("--threshold", help="The decision is positive from this score on.")] = 0.5,
    positive: Annotated[
        str | None, typer.Option("--positive", metavar="VALUE", help="The label that is positive.")
    ] = None,
    weight: Weight = None,
    where: Where = None,
    compare: Compared = None,
    cost_fp: Annotated[float, typer.Option("--cost-fp", help="Cost of a false positive.")] = 1.0,
    cost_fn: Annotated[float, typer.Option("--cost-fn", help="Cost of a false negative.")] = 1.0,
    drop_missing: DropMissing = False,
    table: Table = None,
    query: Query = None,
    report: Report = None,
    json: Json = None,
    lang: Language = None,
) -> None:
    """Judge a column of scores by a column of true labels: matrix, ROC curve, AUC with its interval, thresholds."""
    from workings import study
    from workings.cli.output import check_places, print_study, write_files
    from workings.cli.progress import Watch

    check_places(report, json)
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
    target: Annotated[str, typer.Option("--target", metavar="COL", help="Column to predict.")],
    features: Annotated[
        list[str] | None,
        typer.Option("--features", metavar="A,B,C", help="Columns to predict it from; all others by default."),
    ] = None,
    kind: Annotated[
        Literal["auto", "linear", "logistic"], typer.Option("--kind", help="A number, classes, or by the target.")
    ] = "auto",
    normalize: Annotated[
        Literal["z-score", "min-max", "none"], typer.Option("--normalize", help="How columns are normalised.")
    ] = "z-score",
    positive: Annotated[
        str | None, typer.Option("--positive", metavar="VALUE", help="Of two classes, the one that is positive.")
    ] = None,
    weight: Weight = None,
    test_size: Annotated[float, typer.Option("--test-size", help="Share of the rows that is held out.")] = 0.25,
    seed: Annotated[int, typer.Option("--seed", help="Decides which rows are held out.")] = 0,
    where: Where = None,
    drop_missing: DropMissing = False,
    table: Table = None,
    query: Query = None,
    model: Annotated[Path | None, typer.Option("--model", metavar="JSON", help="Write the fitted model here.")] = None,
    report: Report = None,
    json: Json = None,
    lang: Language = None,
) -> None:
    """Fit a model by gradient descent and judge it on rows that it has not seen."""
    from workings import study
    from workings.cli.output import check_places, print_study, write_files
    from workings.cli.progress import Watch

    check_places(report, json, model)
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
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model file that `fit --model` wrote.")],
    file: File,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here (.csv, .parquet, ...); else CSV is printed."),
    ] = None,
    where: Where = None,
    table: Table = None,
    query: Query = None,
    lang: Language = None,
) -> None:
    """Predict every row of a table with a fitted model."""
    from workings import study
    from workings.cli.output import print_predictions
    from workings.cli.progress import Watch

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
    report: Annotated[Path, typer.Option("--report", metavar="HTML", help="Where the report goes.")] = Path(
        "workings-demo.html"
    ),
    lang: Language = None,
) -> None:
    """Run the whole story on real data: 569 people, 30 measurements, malignant or benign."""
    from workings import study
    from workings.cli.breast_cancer import breast_cancer, named
    from workings.cli.output import check_places, print_study, write_files
    from workings.cli.progress import Watch

    check_places(report)
    with Watch() as progress:
        found = named(study.fit(breast_cancer(), target="diagnosis", progress=progress))
        write_files(found, progress, report=report)
    print_study(found, report=report)
