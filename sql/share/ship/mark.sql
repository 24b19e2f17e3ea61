-- Check whether a file has the mark of a shipped copy: the comment on its table shipped.
-- reads: duckdb_tables()   writes: nothing
select comment = 'What was taken out of this copy before it was handed on'
from duckdb_tables() where database_name = 'ri' and schema_name = 'main' and table_name = 'shipped';
