-- List the databases with answers of a language model, the latest last.
-- reads: duckdb_tables()   writes: nothing
select database_name
from duckdb_tables()
where table_name = 'namings' and database_name in ('previous', 'ri', 'cache')
order by case database_name when 'previous' then 1 when 'ri' then 2 else 3 end;
