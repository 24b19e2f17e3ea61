-- Name the keys of the records, and those of inner objects, in order of first appearance.
-- reads: records   writes: nothing
with outer_keys as (
    select rowid as n, json, unnest(list_filter(json_keys(json), lambda k: k <> '')) as key
    from records
    where json_type(json) = 'OBJECT' and list_filter(json_keys(json), lambda k: k <> '') <> []
),
typed as (
    select n, key, json, json_type(json, '$."' || replace(key, '"', '\"') || '"') as type
    from outer_keys
),
pairs as (
    select n, key, null as inner_key from typed where type is distinct from 'OBJECT'
    union all
    select n, key, unnest(list_filter(json_keys(json, '$."' || replace(key, '"', '\"') || '"'), lambda k: k <> '')) from typed where type = 'OBJECT'
)
select key, inner_key
from pairs
group by key, inner_key
order by min(n), key, inner_key;
