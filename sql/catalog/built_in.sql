-- Tell which names are those of DuckDB's own functions.
-- reads: duckdb_functions(), $names   writes: nothing
select distinct function_name
from duckdb_functions()
where internal and list_contains($names::varchar[], function_name)
order by all;
