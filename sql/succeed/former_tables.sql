-- List the tables of the index that is replaced; empty without one.
-- reads: nothing   writes: nothing
select table_name from duckdb_tables() where database_name = 'previous';
