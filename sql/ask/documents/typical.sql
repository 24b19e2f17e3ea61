-- Order rows of tweets: core members first, the nearest to their persona's centre before all others.
-- reads: assignments, shown   writes: nothing
select shown.*
from shown join assignments as placed on placed.doc_id = shown.doc_id
order by not placed.is_core, placed.distance, shown.doc_id
