-- List the macros of one database.
-- reads: duckdb_functions(), $database   writes: nothing
select distinct lower(function_name) from duckdb_functions() where database_name = $database and not internal order by all;
