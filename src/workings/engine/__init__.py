"""Folds summaries over batches of rows, over threads, with one answer whatever the cutting."""

from workings.engine.fold import Mergeable, blocks, fold

__all__ = ["Mergeable", "blocks", "fold"]
