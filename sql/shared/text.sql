-- Define how text is read: equality of texts, words, mentions, links and emoji.
-- reads: nothing   writes: temporary macros
create or replace temp macro unescaped(t) as
    replace(replace(replace(replace(replace(replace(replace(
        t, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&apos;', ''''), '&nbsp;', ' '), '&amp;', '&');

-- The same text: entities, Unicode form, invisible characters and white space do not count.
create or replace temp macro normalised(t) as
    -- Most texts are plain: no entity, ASCII alone, single spaces.
    case
        when not regexp_matches(t, '&|  |[^ -~]') then trim(t)
        else trim(regexp_replace(
            nfc_normalize(regexp_replace(unescaped(t), '[\x{0000}\x{200B}\x{200E}\x{200F}\x{2060}\x{FE0F}\x{FEFF}]', '', 'g')),
            '[\s\x{00A0}\x{2028}\x{2029}]+', ' ', 'g'
        ))
    end;

-- True for a text that is empty in its normal form; the first sign of most texts shows that they are not.
create or replace temp macro blank(t) as
    case when regexp_matches(t, '^[A-Za-z0-9@#]') then false else normalised(t) = '' end;

create or replace temp macro url_list(t) as
    regexp_extract_all(t, '(?i)\b(?:https?://|www\.)[^\s"<>]+');

create or replace temp macro mention_list(t) as
    regexp_extract_all(t, '(?:^|[^\w@/])@\s?([A-Za-z0-9_]{1,30})', 1);

create or replace temp macro hashtag_list(t) as
    regexp_extract_all(t, '(?:^|[^\w&#/])#([\p{L}\p{M}\p{N}_]*[\p{L}_][\p{L}\p{M}\p{N}_]*)', 1);

-- One emoji is a flag (of two letters, or a black flag with tags), a keycap, or signs joined by U+200D, each with its
-- variation or skin (Unicode Technical Standard 51).
create or replace temp macro emoji_list(t) as
    regexp_extract_all(t, '[\x{1F1E6}-\x{1F1FF}]{2}|[#*0-9]\x{FE0F}?\x{20E3}|[\x{1F300}-\x{1F3FA}\x{1F400}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B50}\x{2B55}\x{203C}\x{2049}](?:[\x{FE0F}\x{1F3FB}-\x{1F3FF}]|[\x{E0020}-\x{E007F}]+)?(?:\x{200D}(?:[\x{1F300}-\x{1F3FA}\x{1F400}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B50}\x{2B55}\x{203C}\x{2049}]|[\x{2640}\x{2642}])[\x{FE0F}\x{1F3FB}-\x{1F3FF}]?)*|[\x{1F1E6}-\x{1F1FF}]');

-- The words of the author alone: without links, mentions, the retweet mark, punctuation of numbers, and the masks
-- of personal data (text/pii.py). Support agents sign with ^AB, -Jo or *XY at the end.
create or replace temp macro prose(t) as
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        normalised(t),
        '\[(?:email|phone|iban|order|number|id|ip|place|date|key|wallet|link|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)\]', ' ', 'g'),
        '\^\s?\w{1,12}|\s[-–*/~]\s?(?:[A-Z]{2,4}|[A-Z][a-z]{1,11})\s*$', ' ', 'g'),
        '(?i)\bhttps?\s*(?::\s*)?//?\s*\S+(?:\s*\.\s*co\s*/\s*\w+)?|\bwww\.\S+|\bt\s?\.\s?co\s?/\s?\w+', ' ', 'g'),
        '@\s?\w+', ' ', 'g'),
        '(?i)^\s*rt\b\s*:?', ' ', 'g'),
        '\s+', ' ', 'g');

-- Words of a text of letters, digits and blanks. Chinese, Japanese, Thai, Lao, Khmer and Burmese have no blanks between
-- words, which only a dictionary finds: their words are all pairs of neighbouring characters, or a single one by itself.
create or replace temp macro paired(t) as
    case when regexp_matches(t, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]') then regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        t,
        '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+)', '<\1>', 'g'),
        '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー])', '\1 \1', 'g'),
        '<([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]) [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]>', ' \1 ', 'g'),
        '<[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー] | [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]>', ' ', 'g')
    else t end;

create or replace temp macro letters_only(t) as
    regexp_replace(lower(nfc_normalize(t)), '[^\p{L}\p{M}\p{N}]+', ' ', 'g');

-- Every word of a text, in lower case, without accents; the marks of Indian and South-East Asian scripts are vowels.
create or replace temp macro word_list(t) as
    case when not regexp_matches(t, '[^\x00-\x7F]') then regexp_extract_all(lower(t), '[a-z0-9]+')
    else list_concat(
        regexp_extract_all(strip_accents(paired(letters_only(t))), '[^ \p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Tibetan}]+'),
        regexp_extract_all(paired(letters_only(t)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Tibetan}]+')) end;

-- Length rules: two characters of a script without blanks count as a word, and a wide character as two, as on Twitter.
create or replace temp macro word_count(t) as
    case when regexp_matches(t, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]') then len(regexp_extract_all(regexp_replace(t, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]{1,2}', ' x ', 'g'), '\S+'))
    else len(string_split(t, ' ')) end;

create or replace temp macro text_width(t) as
    length(t) + length(regexp_replace(t, '[^\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+', '', 'g'));
