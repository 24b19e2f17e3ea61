-- List the keys of a value of the records that is an object in some of them alone.
-- reads: records, $path   writes: nothing
select json_group_structure(json_extract(json, $path))::varchar as keys from records
where json_type(json, $path) = 'OBJECT'
