-- Check that dates such as 24/02/2015 occur, and which of their first two parts is above 12: that is the day.
-- reads: staged   writes: nothing
-- With points between them the day comes first everywhere.
with parts as (
    select regexp_extract(created_at, '^\s*(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}', ['one', 'other']) as part
    from staged where regexp_matches(created_at, '^\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}')
)
select count(*) > 0, coalesce(max(part.one::integer) > 12, false), coalesce(max(part.other::integer) > 12, false) from parts;
