-- Tell which names, in lower case, are those of DuckDB's own functions: it finds a function whatever the case.
-- reads: duckdb_functions(), $names   writes: nothing
select distinct lower(function_name)
from duckdb_functions()
where internal and list_contains($names::varchar[], lower(function_name))
order by all;
