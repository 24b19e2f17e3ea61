-- List the macros of the attached index, and whether each returns a table.
-- reads: duckdb_functions()   writes: nothing
select distinct function_name, function_type = 'table_macro'
from duckdb_functions() where database_name = 'ri' and not internal order by all;
