-- Check whether a file has the mark of a shipped copy: the columns of its table shipped, next to those of its build.
-- reads: duckdb_columns()   writes: nothing
select list(column_name order by column_index) filter (where table_name = 'shipped') = ['level', 'position', 'removed']
    and count(*) filter (where table_name = 'build' and column_name in ('riindex_version', 'config_digest')) = 2 as mark
from duckdb_columns() where database_name = 'ri' and schema_name = 'main';
