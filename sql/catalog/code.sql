-- List the objects of a file other than rows of tables: views, macros, triggers, computed columns, and others.
-- reads: duckdb_views(), duckdb_functions(), duckdb_triggers(), duckdb_columns(), duckdb_constraints(), duckdb_sequences(), duckdb_types(), duckdb_schemas(), $database   writes: nothing
select 'view' as kind, view_name as name, sql as definition
from duckdb_views() where database_name = $database and not internal
union all
select 'macro', function_name, parameters::varchar || ': ' || macro_definition
from duckdb_functions() where database_name = $database and not internal
union all
select 'trigger', trigger_name, sql from duckdb_triggers() where database_name = $database
union all
select 'computed column', table_name || '.' || column_name, column_default
from duckdb_columns()
where database_name = $database and not internal and column_default is not null
    and table_name not in (select view_name from duckdb_views() where database_name = $database)
union all
select 'constraint', table_name || '.' || constraint_name, constraint_text
from duckdb_constraints() where database_name = $database
union all
select 'sequence', sequence_name, sql from duckdb_sequences() where database_name = $database
union all
select 'index', index_name, sql from duckdb_indexes() where database_name = $database
union all
select 'type', type_name, logical_type from duckdb_types() where database_name = $database and not internal
union all
select 'schema', schema_name, coalesce(sql, '') from duckdb_schemas()
where database_name = $database and not internal and schema_name <> 'main'
union all
select 'table', schema_name || '.' || table_name, ''
from duckdb_tables() where database_name = $database and not internal
order by all;
