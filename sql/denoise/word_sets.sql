-- Select the different words of the documents that are not exact duplicates as numbers, without links and handles.
-- reads: normal, dropped   writes: nothing
-- A number is one word, point and all (11.0.3 is another version than 11.1), and a share is no stop word ($KO, $C).
select list_sort(list_distinct(list_transform(
    word_list(regexp_replace(regexp_replace(
        regexp_replace(text, '(?i)\b(?:https?://|www\.)\S+|@\s?\w+', ' ', 'g'),
        '[.,:](\d)', '\1', 'g'), '\$([A-Za-z])', ' share\1', 'g')),
    lambda w: (hash(w) % 2147483647)::integer))) as words
from normal
where doc_id not in (select doc_id from dropped)
order by doc_id;
