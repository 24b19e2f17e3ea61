-- Leave out what is too short to tell anything.
-- reads: documents, dropped, $min_chars, $min_words   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
select doc_id, 'too_short', null, null
from documents
where doc_id not in (select doc_id from dropped)
    and (length(normalised(text)) < $min_chars or len(word_list(text)) < $min_words)
order by doc_id;
