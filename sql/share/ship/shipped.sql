-- Insert the list of removed data, and the examples that still run.
-- reads: incoming, $level   writes: shipped, about
create or replace table shipped as select $level as level, position::integer as position, removed from incoming order by position;
comment on table shipped is 'Data removed from this copy';
comment on column shipped.level is 'internal, analyst or public';
comment on column shipped.position is 'Order of reading';
comment on column shipped.removed is 'Removed or changed data';
delete from about where text like '%similar_tweets(%'
    and not exists (select 1 from duckdb_functions() where function_name = 'similar_tweets' and database_name = 'ri');
delete from about where text like '%search_tweets(%'
    and not exists (select 1 from duckdb_functions() where function_name = 'search_tweets' and database_name = 'ri');
delete from about where (text like '%from tweets%' or text like '%from dropped%' or text like '%from quality%')
    and not exists (select 1 from duckdb_tables() where table_name = 'documents' and database_name = 'ri');
insert into about
select (select max(position) from about) + i.position, 'what was taken out', i.removed from incoming as i order by i.position;
