"""Results of statements in every shape: rows, dictionaries, Arrow tables, arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


class Answers(ABC):
    """Shapes in which a store returns the result of a statement."""

    @abstractmethod
    def as_ri_error(self) -> AbstractContextManager[None]:
        """Re-raise errors of the database as errors of this program."""

    @abstractmethod
    def run(self, name: str, **values: object) -> duckdb.DuckDBPyConnection:
        """Run ``sql/<name>.sql`` with its values."""

    @abstractmethod
    def relation(self, name: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Return the result of a single statement, not yet read."""

    @abstractmethod
    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return the rows of a table or view."""

    def rows(self, name: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of ``sql/<name>.sql``."""
        with self.as_ri_error():
            return self.run(name, **values).fetchall()

    def records(self, name: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of ``sql/<name>.sql`` as dictionaries."""
        with self.as_ri_error():
            relation = self.relation(name, **values)
            return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def arrow_table(self, table: str) -> pa.Table:
        """Return all rows of a table or view."""
        with self.as_ri_error():
            return self.table(table).to_arrow_table()

    def value(self, name: str, **values: object) -> Any:
        """Return the first value of the first row of ``sql/<name>.sql``."""
        rows = self.rows(name, **values)
        return rows[0][0] if rows else None

    def arrow(self, name: str, **values: object) -> pa.Table:
        """Return the result of ``sql/<name>.sql`` as an Arrow table."""
        with self.as_ri_error():
            return self.relation(name, **values).to_arrow_table()

    def matrix(self, name: str, **values: object) -> npt.NDArray[np.float32]:
        """Return the single ``FLOAT[d]`` column of ``sql/<name>.sql`` as a float32 matrix (n, d), copied once."""
        import numpy as np

        reader = self.relation(name, **values).to_arrow_reader(65_536)
        width = reader.schema.field(0).type.list_size
        with self.as_ri_error():
            batches = [np.asarray(batch.column(0).flatten()).reshape(-1, width) for batch in reader]
        if not batches:
            return np.empty((0, width), np.float32)
        rows = sum(len(batch) for batch in batches)
        matrix = np.empty((rows, width), np.float32)
        start = 0
        while batches:
            batch = batches.pop(0)
            matrix[start : start + len(batch)] = batch
            start += len(batch)
        return matrix

    def columns(self, name: str, **values: object) -> dict[str, npt.NDArray[Any]]:
        """Return the result of ``sql/<name>.sql`` as one NumPy array per column (masked values become NaN)."""
        import numpy as np

        with self.as_ri_error():
            arrays = self.run(name, **values).fetchnumpy()
        return {
            key: np.ma.filled(array.astype(np.float64), np.nan) if np.ma.isMaskedArray(array) else array
            for key, array in arrays.items()
        }
