-- Define macros for similarity, keywords and cards in plain SQL of DuckDB 1.1.
-- reads: words, search_vectors, search_personas, terms, postings   writes: macros
-- No lambda, no default argument, no extension: each has another meaning, or none, in some release since 1.1.
create or replace macro cleaned_query(q) as
    regexp_replace(regexp_replace(regexp_replace(
        nfc_normalize(q),
        '&(?:amp|lt|gt|quot|#39|nbsp);', ' ', 'g'),
        '(?:https?://|www\.)\S+|pic\.twitter\.com/\S+', ' ', 'g'),
        '(^|[^\p{L}\p{M}\p{N}_])@[\p{L}\p{M}\p{N}_]+', '\1 ', 'g');
comment on macro cleaned_query is 'A text without entities, links and handles, as the search encoder reads it';

create or replace macro split_hashtag(h) as
    regexp_replace(regexp_replace(h, '([\p{Ll}\p{N}])(\p{Lu})', '\1 \2', 'g'), '(\p{Lu})(\p{Lu}\p{Ll})', '\1 \2', 'g');
comment on macro split_hashtag is 'The words of a hashtag: #FreeShipping is "#Free Shipping"';

create or replace macro text_words(q) as table
with segments as (
    select row_number() over () as n, s
    from (select unnest(regexp_extract_all(cleaned_query(q), '#[\p{L}\p{M}\p{N}_]+|[^#]+|#')) as s)
),
joined as (
    select string_agg(case when length(s) > 1 and starts_with(s, '#') then split_hashtag(s) else s end, '' order by n) as t
    from segments
),
spaced as (
    select regexp_replace(regexp_replace(regexp_replace(
        t,
        '[\s\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]', ' ', 'g'),
        '[\p{Cc}\p{Cf}\p{Co}\x{FFFD}]', '', 'g'),
        '([\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{F900}-\x{FAFF}\x{20000}-\x{2FA1F}])', ' \1 ', 'g') as t
    from joined
),
letters as (
    select i, substring(t, i, 1) as c from (select t, unnest(range(1, length(t) + 1)) as i from spaced)
),
-- Accents are removed, and so are the vowel signs of Indian scripts that are non-spacing marks, as the encoder's
-- tokenizer does; it takes Korean syllables apart.
bare as (
    select i, case
        when regexp_matches(c, '\p{Mn}') then ''
        when regexp_matches(c, '\p{M}') then c
        when regexp_matches(c, '[\x{AC00}-\x{D7A3}]') then chr(4352 + (unicode(c) - 44032) // 588)
            || chr(4449 + (unicode(c) - 44032) % 588 // 28)
            || case when (unicode(c) - 44032) % 28 > 0 then chr(4519 + (unicode(c) - 44032) % 28) else '' end
        else lower(strip_accents(c)) end as c
    from letters
),
-- A letter repeated three times or more is reduced to two. (lag with an offset is stored in a form that 1.1 cannot read.)
neighbours as (
    select i, c, lag(c) over (order by i) as before from bare where c <> ''
),
calm as (
    select i, c from (select i, c, before, lag(before) over (order by i) as before_that from neighbours)
    where not (regexp_matches(c, '^\p{L}$') and c is not distinct from before and c is not distinct from before_that)
),
plain as (
    select coalesce(string_agg(c, '' order by i), '') as t from calm
)
select row_number() over () as n, w as word
from (select unnest(regexp_extract_all(t, '[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}\s]')) as w from plain);
comment on macro table text_words is 'The words of a text as the search encoder reads them, in order';

create or replace macro text_pieces(q) as table
with recursive spoken as (
    select n, word from text_words(q) where length(word) <= 40
),
places as (
    select n, word, unnest(range(1, length(word) + 1)) as first_letter from spoken
),
parts as (
    select n, word, first_letter, unnest(range(1, length(word) - first_letter + 2)) as size from places
),
-- WordPiece takes the longest known piece from the left; a word with a position where no piece fits is unknown.
longest as (
    select p.n, p.first_letter, max(p.size) as size
    from parts as p
    join words as w on w.word = case when p.first_letter > 1 then '##' else '' end || substring(p.word, p.first_letter, p.size)
    group by p.n, p.first_letter
),
taken as (
    select s.n, s.word, l.first_letter, l.size from spoken as s join longest as l on l.n = s.n and l.first_letter = 1
    union all
    select t.n, t.word, l.first_letter, l.size
    from taken as t join longest as l on l.n = t.n and l.first_letter = t.first_letter + t.size
),
whole as (
    select n from taken group by n, word having sum(size) = length(word)
)
select t.n, t.first_letter as place,
    case when t.first_letter > 1 then '##' else '' end || substring(t.word, t.first_letter, t.size) as piece
from taken as t semi join whole as w on w.n = t.n
order by t.n, t.first_letter;
comment on macro table text_pieces is 'The pieces of a text''s words that the search encoder knows, in order';

create or replace macro text_vector(q) as table
with numbers as (
    select unnest(range(1, 257)) as i
),
summed as (
    select n.i, sum(w.vector[n.i]::double * w.scale) as x
    from (select word, scale, vector, count(*) as times from text_pieces(q) as p join words as w on w.word = p.piece group by all) as w
    cross join unnest(range(w.times)) as again(g)
    cross join numbers as n
    group by n.i
)
select list(x / sqrt(length_) order by i)::float[256] as vector
from (select i, x, sum(x * x) over () as length_ from summed)
having count(*) = 256 and any_value(length_) > 0;
comment on macro table text_vector is 'The unit vector of a text by the search encoder; no row for a text without a known word';

create or replace macro ranked_tweets(q, k) as table
select d.tweet_id, s.score, a.persona_id, p.name as persona_name, d.text
from (
    select v.doc_id, array_inner_product(v.vector, t.vector)::double as score
    from search_vectors as v cross join text_vector(q) as t
    order by score desc, v.doc_id
    limit k
) as s
join documents as d on d.doc_id = s.doc_id
join assignments as a on a.doc_id = s.doc_id
left join personas as p on p.persona_id = a.persona_id
order by s.score desc, s.doc_id;
comment on macro table ranked_tweets is 'The tweets nearest to a text in meaning, best first';
create or replace macro similar_tweets
(q) as table (select * from ranked_tweets(q, 10)),
(q, k) as table (select * from ranked_tweets(q, k));
comment on macro table similar_tweets is 'The tweets nearest to a text in meaning: similar_tweets(text) gives ten, similar_tweets(text, k) gives k';

create or replace macro ranked_personas(q, k) as table
select p.persona_id, p.name as persona_name, array_inner_product(c.vector, t.vector)::double as score
from search_personas as c
cross join text_vector(q) as t
join personas as p on p.persona_id = c.persona_id
order by score desc, p.persona_id
limit k;
comment on macro table ranked_personas is 'The personas nearest to a text in meaning, best first';
create or replace macro similar_personas
(q) as table (select * from ranked_personas(q, 3)),
(q, k) as table (select * from ranked_personas(q, k));
comment on macro table similar_personas is 'The personas nearest to a text in meaning: similar_personas(text) gives three, similar_personas(text, k) gives k';

create or replace macro keyword_scores(q) as table
with said as (
    select term, count(*) as times from (select unnest(keywords(q)) as term) group by term
),
-- Beyond the Latin script a word is found inside longer ones too: articles, prepositions and endings are written
-- together with it, and single characters are parts of pairs. (riindex/text/keywords.py: is_found_inside.)
parts as (
    select term, times from said
    where regexp_matches(term, '[\x{0370}-\x{10FFFF}]')
        and (length(term) > 1 or regexp_matches(term, '[\x{0E00}-\x{0EFF}\x{1000}-\x{109F}\x{1780}-\x{17FF}\x{3040}-\x{30FF}\x{3400}-\x{9FFF}\x{20000}-\x{2FA1F}]'))
),
asked as (
    select term_id, sum(times) as times
    from (
        select t.term_id, s.times from said as s join terms as t on t.term = s.term
        union all
        select t.term_id, p.times from parts as p join terms as t on contains(t.term, p.term) and t.term <> p.term
    )
    group by term_id
)
select o.doc_id, sum(a.times * o.weight)::double as score
from postings as o join asked as a on a.term_id = o.term_id
group by o.doc_id;
comment on macro table keyword_scores is 'BM25 of every document that has a keyword of a text';

create or replace macro matching_tweets(q, k) as table
select d.tweet_id, s.score, a.persona_id, p.name as persona_name, d.text
from (select doc_id, score from keyword_scores(q) order by score desc, doc_id limit k) as s
join documents as d on d.doc_id = s.doc_id
join assignments as a on a.doc_id = s.doc_id
left join personas as p on p.persona_id = a.persona_id
order by s.score desc, s.doc_id;
comment on macro table matching_tweets is 'The tweets with a text''s words, by BM25';
create or replace macro search_tweets
(q) as table (select * from matching_tweets(q, 10)),
(q, k) as table (select * from matching_tweets(q, k));
comment on macro table search_tweets is 'The tweets with a text''s words, by BM25: search_tweets(text) gives ten, search_tweets(text, k) gives k';
