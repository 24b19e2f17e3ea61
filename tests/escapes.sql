-- One attempt a line to leave `ri sql`: each must be refused, and leave the file as it is.
drop table documents
drop view tweets
drop table if exists personas cascade
delete from documents
delete from documents where true returning *
truncate documents
insert into documents default values
insert into personas select * from personas
insert or replace into build select * from build
update documents set text = ''
update personas set name = 'x' where persona_id = 0
merge into personas using (select 1 as x) on false when not matched then insert default values
create table t as select 1
create or replace table documents as select 1
create temp table t as select 1
create view v as select 1
create or replace view tweets as select 1
create macro m() as 1
create or replace macro similar_tweets(q) as table select 1
create schema s
create sequence s
create type t as enum ('a')
create index i on documents (doc_id)
create secret s (type s3)
create function f() as 1
alter table documents rename to x
alter table documents add column x integer
alter table documents drop column text
comment on table documents is 'x'
attach ':memory:' as other
attach 'other.duckdb'
attach '/etc/passwd' as p (type sqlite)
attach if not exists 'x.duckdb' as x
attach 'https://example.com/x.duckdb' as x
detach ri
detach database if exists ri
use memory
use ri.main
copy documents to 'out.csv'
copy (select 1) to 'out.parquet'
copy (select 1) to '/tmp/out.json' (format json)
copy documents from 'planted.csv'
copy from database ri to memory
copy (from documents) to 'out' (format csv, partition_by (lang))
export database 'out'
export database '/tmp/out' (format parquet)
import database 'out'
install httpfs
force install httpfs
install httpfs from 'http://example.com'
install spatial from community
load httpfs
load '/tmp/x.duckdb_extension'
update extensions
set memory_limit = '1GB'
set enable_external_access = true
set lock_configuration = false
set temp_directory = '/tmp'
set threads = 8
set home_directory = '/tmp'
set extension_directory = '/tmp'
set python_enable_replacements = true
set allowed_directories = ['/']
set variable x = 1
reset memory_limit
reset enable_external_access
pragma database_size
pragma enable_profiling
pragma memory_limit = '1GB'
pragma enable_external_access = true
pragma import_database('out')
pragma table_info('documents')
checkpoint
force checkpoint
vacuum
vacuum analyze
analyze
begin
begin transaction
commit
rollback
abort
call pragma_version()
call checkpoint()
call force_checkpoint()
call enable_profiling()
prepare p as select 1
execute p
deallocate p
kill 1
declare c cursor for select 1
explain analyze delete from documents
explain analyze create table t as select 1
explain analyze copy (select 1) to 'out.csv'
explain drop table documents
explain insert into documents default values
explain attach 'x.duckdb'
explain analyze insert into documents default values
select 1; select 2
select 1; drop table documents
select 1 /* ; */ ; copy (select 1) to 'out.csv'
; drop table documents
from personas; attach 'x.duckdb'
with a as (select 1) select * from a; delete from documents
with gone as (delete from documents returning *) select * from gone
with made as (insert into documents default values returning *) select * from made
with a as (update documents set text = '' returning *) from a
select * from (delete from documents returning *)
/* select */ drop table documents
-- select 1
drop table documents -- select 1
select 1 \gexec
.shell ls
!ls
from read_csv('planted.csv')
from read_csv('/etc/passwd')
from read_csv(['planted.csv', '/etc/passwd'])
from read_csv_auto('planted.csv')
from sniff_csv('planted.csv')
from read_text('planted.csv')
from read_text('/etc/passwd')
from read_blob('planted.csv')
from read_blob('*')
from read_json('planted.json')
from read_json_auto('planted.json')
from read_ndjson_objects('planted.json')
from read_parquet('planted.parquet')
from parquet_scan('planted.parquet')
from parquet_metadata('planted.parquet')
from parquet_schema('planted.parquet')
from read_parquet('https://example.com/x.parquet')
from read_parquet('s3://bucket/x.parquet')
from read_duckdb('planted.duckdb')
from glob('*')
from glob('/*')
from '/etc/passwd'
from 'planted.csv'
from 'planted.parquet'
from "planted.csv"
select * from 'planted.json'
select * from "https://example.com/x.csv"
select content from read_text('planted.csv') where true
select (select content from read_text('planted.csv') limit 1)
select * from documents where text in (select content from read_text('planted.csv'))
with a as (from read_csv('planted.csv')) select * from a
from documents union all select * from read_csv('planted.csv')
describe (from read_csv('planted.csv'))
summarize (from read_csv('planted.csv'))
summarize 'planted.csv'
describe 'planted.csv'
explain select * from read_csv('planted.csv')
explain analyze select * from read_text('planted.csv')
pivot (from read_csv('planted.csv')) on a
from query('drop table documents')
from query('from read_csv(''planted.csv'')')
from query_table('planted.csv')
from iceberg_scan('planted')
from sqlite_scan('planted.db', 't')
from sqlite_query('planted.db', 'select 1')
from mysql_query('x', 'select 1')
from postgres_scan('host=localhost', 'public', 't')
from postgres_execute('x', 'select 1')
from st_read('planted.csv')
from read_xlsx('planted.xlsx')
select getenv('HOME')
select load_extension('x')
select nextval('s')
from arrow_scan(1, 2, 3)
from arrow_scan_dumb(1, 2, 3)
from pandas_scan(1)
from python_map_function(1)
from seq_scan('documents')
from nothing_there
from caller_secret
not sql at all
