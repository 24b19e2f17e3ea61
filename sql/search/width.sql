-- Select the length of the vectors; 0 without vectors.
-- reads: duckdb_columns()   writes: nothing
select coalesce(max(regexp_extract(data_type, '\[(\d+)\]', 1)::integer), 0)
from duckdb_columns()
where database_name = 'ri' and schema_name = 'main' and table_name = 'embeddings' and column_name = 'vector';
