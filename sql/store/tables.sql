-- List the tables of the attached index.
-- reads: duckdb_tables()   writes: nothing
select table_name from duckdb_tables() where database_name = 'ri' and schema_name = 'main' order by table_name;
