-- List the names, in lower case, of built-in functions of DuckDB, which ignores the case of names.
-- reads: duckdb_functions(), $names   writes: nothing
select distinct lower(function_name)
from duckdb_functions()
where internal and list_contains($names::varchar[], lower(function_name))
order by all;
