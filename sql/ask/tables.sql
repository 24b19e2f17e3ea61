-- List the tables and views with their content.
-- reads: duckdb_tables(), duckdb_views()   writes: nothing
select table_name as name, 'table' as kind, comment from duckdb_tables() where database_name = 'ri'
union all
select view_name, 'view', comment from duckdb_views() where database_name = 'ri' and not internal
order by kind desc, name
