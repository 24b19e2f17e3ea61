"""Digests of tables: the same whatever way the rows are read."""

import pyarrow as pa
import pytest
from corpora import table

from riindex.store import digests
from riindex.store.database import Store


@pytest.fixture
def odd(tmp_path):
    """A table with texts that are empty, NULL or long, and more rows than are read at once."""
    texts = [None if n % 7 == 0 else "" if n % 11 == 0 else "é" * (n % 1_000) for n in range(5_000)]
    with Store.create(tmp_path / "a.duckdb", 1) as store:
        rows = {"id": pa.array(range(5_000)), "text": texts, "list": [[n] for n in range(5_000)], "name": texts[::-1]}
        store.make("odd", pa.table(rows))
        yield store


def test_long_texts_have_the_digest_that_they_would_have_all_at_once(odd, monkeypatch):
    monkeypatch.setattr(digests, "BATCH_ROWS", 2_048)
    at_once = digests.table_digests(odd)
    monkeypatch.setattr(digests, "MAX_TEXT_BYTES", 0)
    monkeypatch.setattr(digests, "BATCH_BYTES", 10_000)
    assert digests.table_digests(odd) == at_once


def test_rows_out_of_order_have_the_digest_of_rows_in_order(odd):
    before = digests.table_digests(odd)["odd"]
    odd.connection.execute("create or replace table odd as from odd order by hash(id)")
    assert digests.table_digests(odd)["odd"] == before


def test_rows_that_were_deleted_leave_no_trace(odd, monkeypatch):
    monkeypatch.setattr(digests, "BATCH_ROWS", 2_048)
    odd.connection.execute("delete from odd where id % 3 = 0")
    odd.connection.execute("insert into odd select id + 10000, * exclude (id) from odd where id < 3000")
    before = digests.table_digests(odd)["odd"]
    odd.connection.execute("create or replace table odd as from odd order by id")
    assert digests.table_digests(odd)["odd"] == before


def test_memory_does_not_follow_the_length_of_texts(tmp_path, monkeypatch):
    # A hundredth of the bounds, and of the memory that a build has for it.
    monkeypatch.setattr(digests, "MAX_TEXT_BYTES", digests.MAX_TEXT_BYTES // 100)
    monkeypatch.setattr(digests, "BATCH_BYTES", digests.BATCH_BYTES // 100)
    texts = [f"a text of its own, the number {n}, " + "and more words " * 7_000 for n in range(1_200)]
    with Store.create(tmp_path / "a.duckdb", 1) as store:
        store.make("documents", table(texts).add_column(0, "doc_id", pa.array(range(1_200), pa.int64())))
    with Store.create(tmp_path / "a.duckdb", 1) as store, store.memory_limited("64MB"):
        assert set(digests.table_digests(store)) == {"documents"}
