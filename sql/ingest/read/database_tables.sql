-- List the tables and views of a database that is a source, with their schema where that is not main.
-- reads: information_schema.tables   writes: nothing
select table_name from information_schema.tables
where table_catalog = 'ri' and table_schema not in ('information_schema', 'pg_catalog')
order by table_name;
