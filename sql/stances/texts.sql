-- Select the distinct texts mostly in Latin script, as those of the training are, with their vectors, in order.
-- reads: documents, embeddings   writes: nothing
select d.text_hash, normalised(d.text) as text, e.vector
from documents as d
join embeddings as e using (doc_id)
where d.doc_id in (select min(doc_id) from documents group by text_hash)
    and (not regexp_matches(d.text, '[^\x00-\x7F]')
        or 2 * length(regexp_replace(d.text, '[^\p{Latin}]+', '', 'g')) >= length(regexp_replace(d.text, '[^\p{L}]+', '', 'g')))
order by d.doc_id;
