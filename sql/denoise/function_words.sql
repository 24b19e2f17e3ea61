-- Select the function words of every language as numbers, taken apart as texts are.
-- reads: $languages, $words   writes: nothing
select distinct language, (hash(part) % 2147483647)::integer as number
from (
    select language, unnest(word_list(word)) as part
    from (select unnest($languages::varchar[]) as language, unnest($words::varchar[]) as word)
)
where not regexp_matches(part, '\d')
order by language, number;
