-- Define how ids, counts and times are read from text.
-- reads: nothing   writes: temporary macros
-- Words that exports write where there is no value, and the names of accounts that are gone: nobody wrote as these.
create or replace temp macro is_nothing(t) as
    lower(trim(t)) in ('', 'na', 'n/a', 'nan', 'none', 'null', '<na>', 'nat', '-', '–', '—', 'undefined', 'unknown');

create or replace temp macro id_of(t) as
    case when not is_nothing(t) then nullif(regexp_replace(trim(trim(t), '''"'), '^(\d+)\.0+$', '\1'), '') end;

create or replace temp macro name_of(t) as
    case
        when not is_nothing(t) and lower(trim(t)) not in
            ('[deleted]', '[removed]', 'deleted', 'deleted account', 'deleted user', 'anonymous', '[unknown]')
            then regexp_replace(trim(t), '^(\d+)\.0+$', '\1')
    end;

-- A mark of a repost: a word for yes, the post that it repeats, or whom it is from.
create or replace temp macro marks_repost(t) as
    not is_nothing(t) and lower(trim(t)) not in ('false', '0', '0.0', 'no', 'n', 'f', '[]', '{}');

-- Thousands separated in any way, and 1.2K: a count has no fraction.
create or replace temp macro plain_number(t) as
    case
        when regexp_full_match(t, '[1-9]\d{0,2}(?:\.\d{3})+') then replace(t, '.', '')
        when regexp_full_match(t, '-?\d{1,3}(?:[, \x{00A0}\x{202F}''’]\d{2,3})*[, \x{00A0}\x{202F}''’]\d{3}(?:\.\d+)?')
            then regexp_replace(t, '[, \x{00A0}\x{202F}''’]', '', 'g')
        else t
    end;

-- What a unit stands for, in the languages in which programs shorten a count.
create or replace temp macro unit_of(u) as
    case
        when u in ('k', 'mil', 'mila', 'tsd', 'тыс') then 1e3
        when u in ('万', '萬', '만') then 1e4
        when u in ('lakh') then 1e5
        when u in ('m', 'mio', 'mln', 'млн', 'million') then 1e6
        when u in ('crore') then 1e7
        when u in ('億', '亿', '억') then 1e8
    end;

create or replace temp macro number_of(t) as
    case
        when regexp_full_match(lower(trim(t)), '\d+(?:[.,]\d{1,2})?\s*(?:k|mil|mila|tsd|тыс|万|萬|만|lakh|m|mio|mln|млн|million|crore|億|亿|억)\.?(?:\s+[^\d\s]+)?')
            then try_cast(replace(regexp_extract(trim(t), '[\d.,]*\d'), ',', '.') as double)
                * unit_of(regexp_extract(lower(trim(t)), '\d\s*([^\d\s.,]+)', 1))
        when regexp_full_match(lower(trim(t)), '[\d.,]+ (?:likes?|retweets?|reposts?|comments?|replies|shares?|views?)')
            then try_cast(plain_number(regexp_extract(trim(t), '[\d.,]+')) as double)
        when regexp_full_match(trim(t), '\d+(?:[.,]\d{1,2})?\s*[kKmM]')
            then try_cast(replace(regexp_extract(trim(t), '[\d.,]+'), ',', '.') as double)
                * case when lower(right(trim(t), 1)) = 'k' then 1e3 else 1e6 end
        else try_cast(plain_number(trim(t)) as double)
    end;

-- Up to 2,147,483,647: a larger number is an id in the wrong column. The squares of 2^32 such counts, in millionths, fit
-- into the integer in which they are summed.
create or replace temp macro count_of(t) as try_cast(number_of(t) as integer)::bigint;

-- Milliseconds since Twitter's epoch are the upper bits of a snowflake id (used since November 2010).
create or replace temp macro snowflake_time(t) as
    case
        when regexp_full_match(t, '\d{15,19}') and try_cast(t as bigint) > 29700859247
            then epoch_ms((try_cast(t as bigint) >> 22) + 1288834974657)
    end;

-- A date without hours: its time of day is unknown, not midnight.
create or replace temp macro lacks_hours(t) as
    not regexp_matches(t, '\d[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:[+-]|\p{L}|$|[\s·,(\[])|\d\s*[ap]\.?m\b|\d:\d|^\D*\d{9,}|\d{8}T\d|^\d+\.\d{2,}$|[Ee]\+?\d')
    or regexp_full_match(trim(t), '\d{1,2}\.\d{1,2}\.\d{2,4}|\d{8}|\d{4}\.\d{1,2}\.\d{1,2}|\d{5}');

-- Seconds, milliseconds, microseconds or nanoseconds since 1970, distinguished by size.
create or replace temp macro epoch_time(x) as
    case
        when x between 1e8 and 1e11 then make_timestamp((x * 1e6)::bigint)
        when x between 1e11 and 1e14 then make_timestamp((x * 1e3)::bigint)
        when x between 1e14 and 1e17 then make_timestamp(x::bigint)
        when x between 1e17 and 9e18 then make_timestamp((x / 1e3)::bigint)
    end;

-- Days since 30 December 1899, as spreadsheets count them; 20,000 is in 1954, 80,000 in 2119.
create or replace temp macro serial_time(x) as
    case when x between 20000 and 80000 then timestamp '1899-12-30' + to_microseconds((x * 86400e6)::bigint) end;

-- Digits alone that are a date and the hours: 20230406212305, 202304062123.
create or replace temp macro compact_time(t) as
    case
        when regexp_full_match(t, '(?:19|20)\d{6}') then try_strptime(t, '%Y%m%d')
        when regexp_full_match(t, '(?:19|20)\d{12}') then try_strptime(t, '%Y%m%d%H%M%S')
        when regexp_full_match(t, '(?:19|20)\d{10}') then try_strptime(t, '%Y%m%d%H%M')
    end;

-- A time in a form that programs write. Other forms are read by their parts, where a source has any of them.
create or replace temp macro plain_time(t) as
    case
        when t is null or trim(t) = '' then null
        when regexp_full_match(trim(t), '[+-]?\d+(\.\d+)?([eE]\+?\d+)?')
            then coalesce(
                compact_time(trim(t)), serial_time(try_cast(trim(t) as double)), epoch_time(try_cast(trim(t) as double)))
        when regexp_full_match(trim(t), '\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|\s?UTC|\s*[+-]\d{2}:?(?:\d{2})?)?')
            -- "+0000" after a space, as older Twitter archives write it, is not an offset for the cast; "+00:00" is.
            then try_cast(try_cast(regexp_replace(trim(t), '\s*([+-]\d{2}):?(\d{2})$', '\1:\2') as timestamptz)
                at time zone 'UTC' as timestamp)
        when regexp_matches(trim(t), '^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} [\d:]+ [+-]\d{4} \d{4}$')
            then try_strptime(trim(t), '%a %b %d %H:%M:%S %z %Y') at time zone 'UTC'
        when regexp_full_match(trim(t), '\d{8}T\d{6}Z?') then try_strptime(rtrim(trim(t), 'Z'), '%Y%m%dT%H%M%S')
        when regexp_full_match(trim(t), '\d{4}-W\d{2}-\d') then try_strptime(trim(t), '%G-W%V-%u')
        when regexp_matches(t, '^/Date\(\d+') then epoch_time(try_cast(regexp_extract(t, '\d+') as double))
        when regexp_matches(t, '\$date') then
            coalesce(
                try_cast(try_cast(regexp_extract(t, '\d{4}-\d\d-\d\d[^"]*') as timestamptz) at time zone 'UTC' as timestamp),
                epoch_time(try_cast(regexp_extract(t, '\d{9,}') as double)))
    end;

create or replace temp macro time_of(t, place) as
    coalesce(plain_time(t), (select w.moment from written_times as w where w.raw = t and w.source_no = place));

-- Years of four digits: beyond them, and of the words infinity and -infinity, no difference can be taken.
create or replace temp macro dated(x) as
    case when x between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999' then x end;
