"""Statements, conditions and values that try to leave a question, and what must come of them: nothing outside.

``escapes.sql`` has one statement a line that must be refused. What is built from it here may be answered, if the answer
merely computes: nothing outside is read, written or asked, and what later questions see is as before.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

SECRET = "TOP-SECRET-KEY-OF-ANALYST-0123456789abcdef"
REFUSED = (Path(__file__).parent / "escapes.sql").read_text(encoding="utf-8").splitlines()[1:]

# What reads, writes or runs something when it is evaluated, as a query that stands in a FROM.
SOURCES = (
    "read_text('{secret}')",
    "read_blob('{secret}')",
    "read_csv('{folder}/secret.csv')",
    "read_csv('{folder}/*.csv', union_by_name=true, filename=true)",
    "read_csv('file://{folder}/secret.csv')",
    "read_json('{folder}/secret.json')",
    "read_json_objects_auto('{folder}/secret.json')",
    "read_parquet('{folder}/secret.parquet')",
    "parquet_bloom_probe('{folder}/secret.parquet', 'a', 1)",
    "parquet_full_metadata('{folder}/secret.parquet')",
    "parquet_kv_metadata('{folder}/secret.parquet')",
    "read_duckdb('{folder}/secret.duckdb', table_name='t')",
    "read_single_csv_file('{folder}/secret.csv')",
    "read_parquet('{url}/x.parquet')",
    "read_csv('{url}/x.csv')",
    "read_text('{url}/x')",
    "'{url}/x.csv'",
    "'{folder}/secret.csv'",
    "'{folder}/secret.duckdb'",
    '"{folder}/secret.parquet"',
    "sniff_csv('{folder}/secret.csv')",
    "glob('{folder}/*')",
    "glob('/etc/*')",
    "read_text('/proc/self/environ')",
    "read_text('/dev/stdin')",
    "read_csv('/dev/stdin')",
    "read_blob('{index}.lock')",
    "enable_profiling(save_location='{folder}/out.json', format='json')",
    "enable_profile('{folder}/out.json')",
    "enable_logging(storage='file', storage_path='{folder}/logs')",
    "enable_logging('QueryLog')",
    "disable_logging()",
    "truncate_duckdb_logs()",
    "enable_verification()",
    "disable_optimizer()",
    "enable_progress_bar()",
    "disable_profiling()",
    "disable_object_cache()",
    "enable_checkpoint_on_shutdown()",
    "disable_checkpoint_on_shutdown()",
    "checkpoint()",
    "force_checkpoint()",
    "add_parquet_key('k', '0123456789112345')",
    "add_grammar_extension('x', 'y')",
    "remove_grammar_extension('x')",
    "create_external_resource('x', 'y')",
    "destroy_external_resource('x')",
    "register_external_resource('x', 'y')",
    "register_external_resource_type('x')",
    "deregister_external_resource('x')",
    "import_database('{folder}')",
    "copy_database('ri', 'memory')",
    "duckdb_secrets(redact=false)",
    "which_secret('s3://x', 's3')",
    "pragma_storage_info('documents')",
    "query('copy (select 1) to ''{folder}/out.csv''')",
    "query('from read_text(''{secret}'')')",
    "query('select 1; attach ''{folder}/secret.duckdb''')",
    "query_table('{folder}/secret.csv')",
    "query_table(['documents', '{folder}/secret.csv'])",
    "json_execute_serialized_sql(json_serialize_sql('from read_text(''{secret}'')'))",
    "json_execute_serialized_sql(json_serialize_sql('select * from ''{folder}/secret.csv'''))",
    "pandas_scan(140000000000000)",
    "python_arrow_scan(1, 2, 3)",
    "python_map_function(1, 2)",
    "arrow_scan(1, 2, 3)",
    "seq_scan('documents')",
    "repeat_row(1, num_rows=3)",
    "test_all_types()",
    "caller_secret",
    "callers",
    "SECRET",
)
# How a source is asked for.
WRAPS = (
    "from {}",
    "select * from {}",
    "explain from {}",
    "explain analyze from {}",
    "EXPLAIN (ANALYZE, FORMAT JSON) select * from {}",
    "describe from {}",
    "summarize from {}",
    "with a as materialized (from {}) select * from a",
    "with recursive a as (select * from {} union all select * from a where false) from a",
    "select (select columns(*)::varchar from {} limit 1)",
    "from personas positional join {}",
    "from personas, lateral (from {}) as t",
    "select 1 where exists (from {})",
    "(from {}) union by name (from personas)",
    "/* select 1 */ from\u00a0{}",
    "FrOm\t{} -- end",
    "pivot (from {}) on columns(*) using count(*)",
    "from (values (1)) as t(x) where x in (select count(*) from {})",
)
# What follows a statement that is harmless, or comes before one.
STATEMENTS = (
    "copy (select 1) to '{folder}/out.csv'",
    "copy documents to '{folder}/out.parquet' (format parquet, per_thread_output true)",
    "copy (select text from documents) to '{index}' (format csv)",
    "copy documents from '{folder}/secret.csv'",
    "copy (select 1) to '/dev/stdout' (format csv)",
    "copy (select 1) to '{folder}/out' (format json, array true)",
    "copy from database ri to memory (schema)",
    "attach '{folder}/secret.duckdb' as s",
    "attach '{index}' as again",
    "attach '{index}' as again (read_only)",
    "attach '{folder}/new.duckdb' (type duckdb, block_size 16384)",
    "detach ri",
    "use memory",
    "set threads = 1",
    "set session search_path = 'memory'",
    "set local memory_limit = '1GB'",
    "set global memory_limit = '10GB'",
    "set memory_limit = '10GB'",
    "set force_compression = 'uncompressed'",
    "set file_search_path = '{folder}'",
    "set log_query_path = '{folder}/log'",
    "set profiling_output = '{folder}/profile'",
    "set custom_extension_repository = '{url}'",
    "set secret_directory = '{folder}'",
    "set allowed_paths = ['{secret}']",
    "set http_proxy = '{url}'",
    "set python_scan_all_frames = true",
    "set default_null_order = 'nulls_first'",
    "set timezone = 'Asia/Kolkata'",
    "set schema = 'memory.main'",
    "reset all",
    "reset threads",
    "pragma disable_optimizer",
    "pragma log_query_path = '{folder}/log'",
    "pragma enable_verification",
    "pragma threads = 1",
    "pragma user_agent",
    "pragma show_tables",
    "pragma storage_info('documents')",
    "call enable_logging('QueryLog')",
    "call enable_profiling(save_location='{folder}/out.json')",
    "call duckdb_secrets()",
    "call query('select 1')",
    "call repeat(1, 2)",
    "create secret (type http, bearer_token 'x')",
    "create persistent secret s in local_file (type s3)",
    "drop secret s",
    "install '{folder}/x.duckdb_extension'",
    "load '{folder}/x.duckdb_extension'",
    "load icu",
    "load json",
    "update extensions (httpfs)",
    "force install icu from core_nightly",
    "prepare p as from read_text('{secret}')",
    "execute p",
    "deallocate all",
    "set variable x = (select content from read_text('{secret}'))",
    "reset variable x",
    "begin",
    "commit",
    "rollback",
    "begin transaction read only",
    "create temp table personas as select 0 as persona_id, 'POISONED' as name",
    "create temp view tweets as select 1 as x",
    "create temp macro lower(x) as 'zz'",
    "create temp macro count(x) as 1",
    "create temp sequence s",
    "create temp type t as integer",
    "create or replace temp trigger t after insert on documents for each row select 1",
    "create table memory.main.t as select 1",
    "create schema memory.x",
    "alter database ri set alias to x",
    "alter table personas rename to p",
    "comment on column personas.name is 'x'",
    "insert into personas select * from personas returning *",
    "with a as (insert into personas select * from personas returning *) from a",
    "with a as materialized (delete from documents returning *) select count(*) from a",
    "with a as (copy (select 1) to '{folder}/out.csv') from a",
    "merge into personas using personas as p on true when matched then delete returning *",
    "truncate personas",
    "vacuum documents",
    "analyze documents",
    "checkpoint ri",
    "export database '{folder}/db' (format csv)",
    "import database '{folder}'",
    "kill 1",
    "listen x",
    "show tables",
    "show all tables",
    "show databases",
    "show variables",
    "describe documents",
    "values (1)",
    "table personas",
    "from personas |> drop text",
)
PREFIXES = (
    "{}",
    "explain {}",
    "explain analyze {}",
    "explain (analyze) {}",
    "explain (format json) {}",
    "explain explain {}",
    "select 1; {}",
    "{}; select 1",
    "select 1 /* ; */; {}",
    "/* /* */ */ {}",
    "-- select 1\n{}",
    "\ufeff{}",
    "select '; --'; {}",
    "select $$;$$; {}",
    "explain /* explain */ {}",
    'select 1 as "explain"; {}',
    "explain analyze explain analyze {}",
    "prepare q as {}",
    "call query('{}')",
    "from query('{}')",
)
# Conditions over the view tweets.
CONDITIONS = (
    "true or exists (from {})",
    "persona_id in (select count(*) from {})",
    "text < (select max(columns(*)::varchar) from {})",
    "(select count(*) from {}) >= 0",
    "not (select bool_or(true) from {})",
)
LEAVING = (
    "true) union all from read_text('{secret}') --",
    "true; copy (select 1) to '{folder}/out.csv'",
    "true; drop table documents",
    "true limit 1",
    "true order by 1",
    "true /*",
    "true --",
    "*",
    "columns(*)",
    "row_number() over () = 1",
    "sum(like_count) > 1",
    "unnest([true])",
    "setseed(0.5) is null",
    "getvariable('x') is null",
    "getenv('HOME') is not null",
    "current_setting('temp_directory') is not null",
    "error('x')",
    "write_log('x') is null",
    "nextval('s') = 1",
    "txid_current() > 0",
    "query('select 1')",
    "documents.text is null",
    "like_count / 0 > 1",
    "cast(text as integer) = 1",
    "$1",
    "?",
    "$x",
    ":x",
    "1",
    "null",
    "'x'",
    "(lambda x : x)(1)",
    "case when true then error(text) end",
    "(delete from documents returning *)",
    "(with a as (delete from documents returning *) select count(*) from a) > 0",
    "exists (select * from ri.main.build)",
    "\u0000",
    "\ud800",
    "тext = 1",
    "text\u200b = 'x'",
    '"text" = \'x\' and "persona_id" = 0',
    "x" * 100_000,
    "(" * 5_000 + "1" + ")" * 5_000,
    "not " * 3_000 + "true",
)
VALUES = (
    "x'; drop table documents; --",
    "') union all from read_text('{secret}') --",
    "{secret}",
    "'{folder}/secret.csv'",
    "(select content from read_text('{secret}'))",
    "like_count) from tweets; copy (select 1) to '{folder}/out.csv' --",
    "$hours",
    "$1",
    "null",
    "",
    "-1",
    "1e999",
    "nan",
    "0",
    "99999999999999999999999999",
    '"text"',
    "columns(*)",
    "*",
    "%",
    "\\",
    "\ufeff9-17",
    "\u0669-\u0661\u0667",
    "9-17; select 1",
    "a,b,,\x00",
    "tweet_id",
    "persona_name",
    "(.*)*$",
    "[",
    "x" * 100_000,
)


@dataclass
class Outside:
    """A folder with a secret in every format, which is watched, and a server's address."""

    folder: Path
    index: Path
    url: str = "http://127.0.0.1:9"
    before: dict = field(default_factory=dict)

    def make(self):
        (self.folder / "secret.txt").write_text(SECRET)
        (self.folder / "secret.csv").write_text(f"a,b\n1,{SECRET}\n")
        (self.folder / "secret.json").write_text(json.dumps([{"a": SECRET}]))
        with duckdb.connect(str(self.folder / "secret.duckdb")) as connection:
            connection.execute(f"create table t as select '{SECRET}' as a")
            connection.table("t").write_parquet(str(self.folder / "secret.parquet"))
        self.before = self.now()
        return self

    def now(self):
        held = {str(p): hashlib.sha256(p.read_bytes()).digest() for p in self.folder.rglob("*") if p.is_file()}
        status = self.index.stat()
        return {**held, "index": (status.st_size, status.st_mtime_ns, len(list(self.index.parent.iterdir())))}

    def placed(self, text):
        """A text with the places filled in; braces of its own stay."""
        for name in ("folder", "index", "url"):
            text = text.replace("{" + name + "}", str(getattr(self, name)))
        return text.replace("{secret}", str(self.folder / "secret.txt"))


def statements(outside):
    """All statements, each once."""
    found = [line for line in REFUSED if line.strip()]
    for number, source in enumerate(SOURCES):
        # Every source is asked for plainly and explained; the other ways go round.
        ways = {*WRAPS[:4], *(WRAPS[(number + step) % len(WRAPS)] for step in range(4))}
        found += [way.replace("{}", source) for way in sorted(ways)]
    for number, statement in enumerate(STATEMENTS):
        ways = {*PREFIXES[:3], *(PREFIXES[(number + step) % len(PREFIXES)] for step in range(3))}
        for way in sorted(ways):
            inner = statement.replace("'", "''") if "query('" in way else statement
            found.append(way.replace("{}", inner))
    return [outside.placed(text) for text in dict.fromkeys(found)]


def conditions(outside):
    """All conditions, each once."""
    found = list(LEAVING)
    for number, source in enumerate(SOURCES):
        found += [CONDITIONS[(number + step) % len(CONDITIONS)].replace("{}", source) for step in (0, 2)]
    return [outside.placed(text) for text in dict.fromkeys(found)]


def values(outside):
    """What ready questions are given."""
    return [outside.placed(text) for text in VALUES]


SEEN = (
    "select name, value from duckdb_settings() where name not in ('Calendar') order by 1",
    "from duckdb_variables() order by all",
    "select name from duckdb_prepared_statements() order by all",
    "select database_name, path from duckdb_databases() order by all",
    "select database_name, schema_name, table_name, temporary from duckdb_tables() order by all",
    "select database_name, view_name from duckdb_views() where not internal order by all",
    "select database_name, function_name from duckdb_functions() where not internal order by all",
    "select count(*) from duckdb_secrets()",
    "select extension_name from duckdb_extensions() where loaded order by all",
    "select count(*) from duckdb_external_resources()",
    "select count(*) from duckdb_grammar_extensions()",
    "select count(*) from duckdb_logs",
    "select current_database(), current_schema(), lower('ABC'), 'ABC' like 'a%'",
    "select persona_id, name, size from personas order by 1",
    "select count(*), sum(hash(tweets)) from tweets",
)


def seen(index):
    """What later questions of the same index see, each part by its question."""
    found = {}
    for query in SEEN:
        try:
            found[query] = index.sql(query).fetchall()
        except Exception as problem:
            found[query] = repr(problem)[:200]
    return found


def difference(before, now):
    """Parts that a question has changed."""
    return [f"{query}: {before[query]!s:.80} -> {now[query]!s:.80}" for query in before if before[query] != now[query]]
