-- Find a persona by number or by name, in any case, whole or the beginning.
-- reads: personas, $wanted   writes: nothing
select persona_id, name
from personas
where persona_id::varchar = $wanted or lower(name) = lower($wanted) or starts_with(lower(name), lower($wanted))
order by persona_id::varchar <> $wanted, lower(name) <> lower($wanted), persona_id;
