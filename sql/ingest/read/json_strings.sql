-- Select the records of a list of plain strings as texts.
-- reads: records   writes: nothing
select json ->> '$' as text from records where json_type(json) = 'VARCHAR'
