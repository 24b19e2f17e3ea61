-- Unwrap the records of an export that wraps them in one object, such as {"data": [...]}.
-- reads: records   writes: records (temporary)
create or replace temp table wrapped as
select k.key as key
from (select json from records where (select count(*) from records) = 1) as r,
    unnest(json_keys(r.json)) as k(key)
where json_type(r.json) = 'OBJECT'
    and json_type(r.json, '$."' || replace(k.key, '"', '\"') || '"') = 'ARRAY'
    and json_type(r.json, '$."' || replace(k.key, '"', '\"') || '"[0]') = 'OBJECT'
limit 1;

create or replace temp table records as
select unnest(
    case
        when (select count(*) from wrapped) = 0 then [json::json]
        else json_extract(json, '$."' || (select replace(key, '"', '\"') from wrapped) || '"')::json[]
    end
)::varchar as json
from records;
