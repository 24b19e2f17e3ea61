-- Compute the style of a post: length, punctuation, case, emoji, hashtags, links.
-- reads: posts   writes: style (temporary)
create or replace temp table style as
select
    doc_id,
    length(text)::double as text_length,
    words::double as word_count,
    length(replace(text, ' ', '')) / greatest(words, 1) as avg_word_length,
    (length(text) - length(replace(text, '?', ''))) / greatest(words, 1) as question_density,
    (length(text) - length(replace(text, '!', ''))) / greatest(words, 1) as exclam_density,
    len(regexp_extract_all(text, '\p{Lu}'))
        / greatest(length(text) - length(regexp_replace(text, '\p{L}+', '', 'g')), 1) as uppercase_ratio,
    len(regexp_extract_all(text, '\p{P}')) / greatest(length(text), 1) as punctuation_density,
    len(emoji_list(text))::double as emoji_count,
    len(hashtag_list(text))::double as hashtag_count,
    len(url_list(text))::double as url_count
from posts;
