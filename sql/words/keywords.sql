-- Define the keywords of a text: runs of letters and digits, lower case, without accents and links.
-- reads: nothing   writes: macro keywords
create or replace macro keywords(t) as
    regexp_extract_all(
        strip_accents(lower(regexp_replace(nfc_normalize(t), '(?:https?://|www\.)\S+', ' ', 'g'))),
        '[\p{L}\p{M}\p{N}]+');
comment on macro keywords is 'The keywords of a text, as search_tweets reads it';
