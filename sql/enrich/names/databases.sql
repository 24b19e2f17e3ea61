-- List the attached databases.
-- reads: duckdb_databases()   writes: nothing
select database_name from duckdb_databases();
