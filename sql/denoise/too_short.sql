-- Mark as dropped the texts that are too short to be informative.
-- reads: normal, dropped, $min_chars, $min_words   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
select doc_id, 'too_short', null, null
from normal
where doc_id not in (select doc_id from dropped)
    -- Emoji and signs alone are no words, however many they are; without length rules they stay.
    and (text_width(text) < $min_chars or word_count(text) < $min_words
        or ($min_words > 1 and not regexp_matches(text, '[\p{L}\p{N}]')))
order by doc_id;
