-- List the keys of some records, and those of inner objects, in order of first appearance, as one JSON object.
-- reads: records, $first, $last   writes: nothing
select json_group_structure(json::json)::varchar as keys from records
where rowid between $first and $last and json_type(json) = 'OBJECT'
