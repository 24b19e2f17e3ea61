-- Define how ids, counts and times are read from text.
-- reads: nothing   writes: temporary macros
-- Words that exports write where there is no value, and the names of accounts that are gone: nobody wrote as these.
create or replace temp macro is_nothing(t) as
    lower(trim(t)) in ('', 'na', 'n/a', 'nan', 'none', 'null', '<na>', 'nat', '-', '–', '—', 'undefined', 'unknown');

create or replace temp macro id_of(t) as
    case when not is_nothing(t) then nullif(regexp_replace(trim(t), '^(\d+)\.0+$', '\1'), '') end;

create or replace temp macro name_of(t) as
    case
        when not is_nothing(t) and lower(trim(t)) not in
            ('[deleted]', '[removed]', 'deleted', 'deleted account', 'deleted user', 'anonymous', '[unknown]')
            then regexp_replace(trim(t), '^(\d+)\.0+$', '\1')
    end;

-- Thousands separated in any way, and 1.2K: a count has no fraction.
create or replace temp macro plain_number(t) as
    case
        when regexp_full_match(t, '[1-9]\d{0,2}(?:\.\d{3})+') then replace(t, '.', '')
        when regexp_full_match(t, '-?\d{1,3}(?:[, \x{00A0}\x{202F}''’]\d{2,3})*[, \x{00A0}\x{202F}''’]\d{3}(?:\.\d+)?')
            then regexp_replace(t, '[, \x{00A0}\x{202F}''’]', '', 'g')
        else t
    end;

create or replace temp macro number_of(t) as
    case
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

create or replace temp macro parts_time(t, day_first) as
    try_strptime(
        regexp_replace(
            regexp_replace(trim(t), '^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})', case when day_first then '\1/\2/\3' else '\2/\1/\3' end),
            '(\d{1,2})\.(\d{2})$', '\1:\2'),
        ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y', '%d/%m/%Y %I:%M:%S %p', '%d/%m/%Y %I:%M %p',
            '%d/%m/%y %H:%M:%S', '%d/%m/%y %H:%M', '%d/%m/%y']
    );

-- Seconds, milliseconds or microseconds since 1970, distinguished by size.
create or replace temp macro epoch_time(x) as
    case
        when x between 1e8 and 1e11 then make_timestamp((x * 1e6)::bigint)
        when x between 1e11 and 1e14 then make_timestamp((x * 1e3)::bigint)
        when x between 1e14 and 1e17 then make_timestamp(x::bigint)
    end;

-- Days since 30 December 1899, as spreadsheets count them; 20,000 is in 1954, 80,000 in 2119.
create or replace temp macro serial_time(x) as
    case when x between 20000 and 80000 then timestamp '1899-12-30' + to_microseconds((x * 86400e6)::bigint) end;

create or replace temp macro time_of(t, day_first) as
    case
        when t is null or trim(t) = '' then null
        when regexp_full_match(trim(t), '[+-]?\d+(\.\d+)?([eE]\+?\d+)?')
            then coalesce(
                case when length(trim(t)) = 8 then try_strptime(trim(t), '%Y%m%d') end,
                serial_time(try_cast(trim(t) as double)),
                epoch_time(try_cast(trim(t) as double)))
        when regexp_matches(trim(t), '^\d{4}-\d{1,2}-\d{1,2}')
            -- "+0000" after a space, as older Twitter archives write it, is not an offset for the cast; "+00:00" is.
            then try_cast(try_cast(regexp_replace(trim(t), '\s+([+-]\d{2}):?(\d{2})$', '\1:\2') as timestamptz)
                at time zone 'UTC' as timestamp)
        when regexp_matches(trim(t), '^[A-Z][a-z]{2} [A-Z][a-z]{2} ')
            then try_strptime(trim(t), '%a %b %d %H:%M:%S %z %Y') at time zone 'UTC'
        when regexp_matches(trim(t), '^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}') then parts_time(t, day_first)
        else coalesce(
            try_strptime(trim(t), ['%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y/%m/%d', '%d %b %Y %H:%M:%S',
                '%d %b %Y %H:%M', '%d %b %Y', '%b %d, %Y %H:%M:%S', '%b %d, %Y', '%d %B %Y', '%B %d, %Y',
                '%b %d, %Y · %I:%M %p UTC', '%I:%M %p · %b %d, %Y', '%a, %d %b %Y %H:%M:%S GMT']),
            try_cast(try_cast(trim(t) as timestamptz) at time zone 'UTC' as timestamp))
    end;

-- Years of four digits: beyond them, and of the words infinity and -infinity, no difference can be taken.
create or replace temp macro dated(x) as
    case when x between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999' then x end;
