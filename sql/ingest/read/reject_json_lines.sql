-- Move the lines that hold no JSON object to the unreadable rows.
-- reads: records   writes: unreadable, records (temporary)
insert into unreadable
select 'line ' || n, 'not a JSON object'
from (select row_number() over () as n, json from records)
where trim(json) <> '' and (not json_valid(json) or json_type(json) <> 'OBJECT')
order by n;

delete from records
where json is null or not json_valid(json) or json_type(json) <> 'OBJECT';
