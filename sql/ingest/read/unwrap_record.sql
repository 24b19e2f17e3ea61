-- Unwrap each record from an object that holds nothing else, as in Twitter's archive: {"tweet": {...}}.
-- reads: records   writes: records (temporary)
create or replace temp table records as
with wrapper as (
    select any_value(json_keys(json)) as keys
    from records
    having count(distinct json_keys(json)) = 1 and len(any_value(json_keys(json))) = 1
)
select
    coalesce(
        case
            when json_type(r.json, '$."' || replace(w.keys[1], '"', '\"') || '"') = 'OBJECT'
                then json_extract(r.json, '$."' || replace(w.keys[1], '"', '\"') || '"')
        end,
        r.json
    )::varchar as json
from records as r
left join wrapper as w on true;
