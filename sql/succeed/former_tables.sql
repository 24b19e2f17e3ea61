-- List the tables of the index that is to be replaced; none where there is none.
-- reads: nothing   writes: nothing
select table_name from duckdb_tables() where database_name = 'previous';
