-- Select the stop words of all languages as numbers, taken apart as texts are.
-- reads: $stop_words   writes: nothing
select distinct (hash(word) % 2147483647)::integer as number
from (select unnest(word_list(w)) as word from (select unnest($stop_words::varchar[]) as w))
where not regexp_matches(word, '\d');
