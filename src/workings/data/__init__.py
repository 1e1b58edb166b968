"""Where rows come from: files, data frames and databases, as batches of named, typed columns; and where they go."""

from workings.data import datasets
from workings.data.opening import open_table
from workings.data.table import Source, Table
from workings.data.writing import write_table

__all__ = ["Source", "Table", "datasets", "open_table", "write_table"]
