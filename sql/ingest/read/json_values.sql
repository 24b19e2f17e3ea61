-- Select the values at some paths of every record, reading each record once.
-- reads: records, $paths   writes: nothing
select json_extract_string(json, $paths) as found from records
