-- Define the template of a text in its normal form: everything but names, handles, numbers and links.
-- reads: nothing   writes: a temporary macro
create or replace temp macro skeleton(t) as
    trim(lower(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        t,
        '(?i)\b(?:https?://|www\.)\S+', ' 0 ', 'g'),
        '[@#]\w+', ' 0 ', 'g'),
        '\b[A-Z][\p{L}]*(?:\s+[A-Z][\p{L}]*)*', ' 0 ', 'g'),
        '\S*\d\S*', ' 0 ', 'g'),
        '(?:\s*\b0\b\s*)+|\s+', ' ', 'g')));
