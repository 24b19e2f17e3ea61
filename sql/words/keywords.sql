-- Define the keywords of a text: runs of letters and digits, lower case, without accents and links.
-- reads: nothing   writes: macro keywords
create or replace macro letters_alone(t) as
    regexp_replace(lower(regexp_replace(nfc_normalize(t), '(?:https?://|www\.)\S+', ' ', 'g')), '[^\p{L}\p{M}\p{N}]+', ' ', 'g');
comment on macro letters_alone is 'A text in lower case without links, its letters and digits with a blank for all else';

-- Scripts without blanks between words: every pair of neighbouring characters is a keyword, or a single one by itself
-- (as text.sql: paired), so that a word is found wherever it stands.
create or replace macro letter_pairs(t) as
    case when regexp_matches(t, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]') then regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        t,
        '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+)', '<\1>', 'g'),
        '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー])', '\1 \1', 'g'),
        '<([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]) [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]>', ' \1 ', 'g'),
        '<[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー] | [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]>', ' ', 'g')
    else t end;
comment on macro letter_pairs is 'A text with a blank between the pairs of neighbouring characters of Chinese, Japanese, Thai, Lao, Khmer and Burmese';

-- The marks of Indian and South-East Asian scripts are vowels and stay.
create or replace macro keywords(t) as
    case when not regexp_matches(t, '[^\x00-\x7F]') then regexp_extract_all(letters_alone(t), '[a-z0-9]+')
    else list_concat(
        regexp_extract_all(strip_accents(letter_pairs(letters_alone(t))), '[^ \p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Tibetan}]+'),
        regexp_extract_all(letter_pairs(letters_alone(t)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Tibetan}]+')) end;
comment on macro keywords is 'The keywords of a text, as search_tweets reads it';
