-- Name the keys of the records, and those of inner objects, in order of first appearance, as one JSON object.
-- reads: records   writes: nothing
select json_group_structure(json::json)::varchar as keys from records where json_type(json) = 'OBJECT'
