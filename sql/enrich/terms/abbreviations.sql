-- List the short words that are mostly written in capitals: AI, API.
-- reads: said   writes: nothing
select term
from said
where kind = 'term' and length(term) <= 4
group by term
having count(*) filter (surface = upper(surface)) >= greatest(
    2, 0.05 * count(*), 3 * count(*) filter (surface not in (upper(surface), lower(surface))));
