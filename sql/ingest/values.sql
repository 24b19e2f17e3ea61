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
        when regexp_full_match(lower(trim(t)), '\d+(?:[.,]\d{1,2})?\s*(?:k|mil|mila|tsd|тыс|万|萬|만|lakh|m|mio|mln|млн|million|crore|億|亿|억)\.?(?:\s+\p{L}+)?')
            then try_cast(replace(regexp_extract(trim(t), '[\d.,]*\d'), ',', '.') as double)
                * unit_of(regexp_extract(lower(trim(t)), '\d\s*(\p{L}+)', 1))
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

-- The names of zones, and how many minutes they are ahead of UTC. IST is India's, as in the exports that write it.
create or replace temp macro zone_minutes(name) as
    case
        when name in ('', 'z', 'utc', 'gmt', 'wet', 'gmt standard time', 'coordinated universal time') then 0
        when name in ('est', 'cdt', 'eastern standard time') then -300
        when name in ('edt', 'ast', 'eastern daylight time') then -240
        when name in ('cst', 'mdt', 'central standard time') then -360
        when name in ('central daylight time') then -300
        when name in ('mst', 'pdt', 'mountain standard time', 'pacific daylight time') then -420
        when name in ('mountain daylight time') then -360
        when name in ('pst', 'akdt', 'pacific standard time') then -480
        when name in ('akst') then -540
        when name in ('hst') then -600
        when name in ('adt', 'brt', 'art', 'e. south america standard time') then -180
        when name in ('cet', 'bst', 'west', 'wat', 'mez', 'w. europe standard time', 'romance standard time',
            'central europe standard time', 'central european standard time', 'gmt daylight time') then 60
        when name in ('cest', 'eet', 'sast', 'cat', 'mesz', 'w. europe daylight time', 'romance daylight time',
            'central europe daylight time', 'central european daylight time', 'south africa standard time',
            'egypt standard time', 'gtb standard time', 'fle standard time') then 120
        when name in ('eest', 'msk', 'eat', 'trt', 'turkey standard time', 'russian standard time', 'arab standard time',
            'gtb daylight time', 'fle daylight time') then 180
        when name in ('irst') then 210
        when name in ('gst', 'arabian standard time') then 240
        when name in ('pkt', 'uzt', 'pakistan standard time', 'west asia standard time') then 300
        when name in ('ist', 'india standard time', 'sri lanka standard time') then 330
        when name in ('npt', 'nepal standard time') then 345
        when name in ('bdt', 'bangladesh standard time') then 360
        when name in ('wib', 'ict', 'se asia standard time') then 420
        when name in ('sgt', 'hkt', 'awst', 'myt', 'pht', 'china standard time', 'singapore standard time') then 480
        when name in ('jst', 'kst', 'tokyo standard time', 'korea standard time') then 540
        when name in ('acst') then 570
        when name in ('aest', 'aus eastern standard time') then 600
        when name in ('acdt') then 630
        when name in ('aedt', 'aus eastern daylight time') then 660
        when name in ('nzst', 'new zealand standard time') then 720
        when name in ('nzdt', 'new zealand daylight time') then 780
    end;

-- Months of twelve languages become m01 to m12, by their first letters.
create or replace temp macro months_as_numbers(w) as
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(w,
    '(^|[^\p{L}])(?:jan|ene|gen|янв|oca|sty)\p{L}*\.?', '\1 m01 '),
    '(^|[^\p{L}])(?:feb|fev|fév|фев|şub|sub|lut)\p{L}*\.?', '\1 m02 '),
    '(^|[^\p{L}])(?:mar|mär|maa|mrt|мар)\p{L}*\.?', '\1 m03 '),
    '(^|[^\p{L}])(?:apr|abr|avr|апр|nis|kwi)\p{L}*\.?', '\1 m04 '),
    '(^|[^\p{L}])(?:may|mai|maj|mag|mei|май|мая)\p{L}*\.?', '\1 m05 '),
    '(^|[^\p{L}])(?:jun|juin|giu|июн|haz|cze)\p{L}*\.?', '\1 m06 '),
    '(^|[^\p{L}])(?:jul|juil|lug|июл|tem|lip)\p{L}*\.?', '\1 m07 '),
    '(^|[^\p{L}])(?:aug|aoû|aou|ago|авг|ağu|agu|sie)\p{L}*\.?', '\1 m08 '),
    '(^|[^\p{L}])(?:sep|set|сен|eyl|wrz)\p{L}*\.?', '\1 m09 '),
    '(^|[^\p{L}])(?:oct|okt|out|ott|окт|eki|paź|paz)\p{L}*\.?', '\1 m10 '),
    '(^|[^\p{L}])(?:nov|ноя|kas|lis)\p{L}*\.?', '\1 m11 '),
    '(^|[^\p{L}])(?:dec|dez|déc|dic|дек|ara|gru)\p{L}*\.?', '\1 m12 ');

-- A written time in one form: lower case, no weekday, months as numbers, a.m. and p.m. as am and pm.
create or replace temp macro time_words(t) as
    months_as_numbers(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            lower(replace(replace(replace(trim(t), e'\u00a0', ' '), e'\u202f', ' '), e'\u200e', '')),
        '\[[\p{L}_/]+\]$|\([^()]{3,}\)$|^reviewed in .* on |[·"]|\s(?:at|de|um|on|à|às|alle|del|г\.?|kl\.?)(?:\s|$)|^\{.*?:|\}$', ' ', 'g'),
        '(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]', '\1-\2-\3 '),
        '오후|下午|午後|p\.\s?m\.?', ' pm '), '오전|上午|午前|a\.\s?m\.?', ' am '),
        '(\d)\s*([ap]m)\b', '\1 \2 '),
        '(\d{4}):(\d{2}):(\d{2})', '\1 \2:\3'),
        '^(?:mon|tue|wed|thu|fri|sat|sun|lun|mer|mie|mié|jue|jeu|vie|ven|sáb|sab|dom|dim|sam|seg|ter|qua|qui|sex|mo|di|mi|do|fr|sa|so|пн|вт|ср|чт|пт|сб|вс)[\p{L}]*[.,]*\s+', ''),
        '^mar[.,]*\s+(\d{1,2}\.?\s+\p{L}{3})', '\1'),
        '(\d)(?:st|nd|rd|th)\b', '\1'),
        '[\s,]+', ' ', 'g'));

create or replace temp macro padded_year(y) as case when length(y) = 2 then '20' || y else y end;

-- A date as year-month-day of a time in that form: a month by name, the year first, or two numbers in the order given.
create or replace temp macro date_text(w, day_first) as
    list_transform(
        [{
            'y': regexp_extract(w, '(?:^|[^\d])(\d{4})[-/.] ?(\d{1,2})[-/.] ?(\d{1,2})(?:$|[^\d])', ['y', 'm', 'd']),
            'n': regexp_extract(w, '(?:^|[^\d:])(\d{1,2})[-/. ]*m(\d\d)[-/.’'' ]+(\d{4}|\d{2})(?:$|[^\d:])', ['d', 'm', 'y']),
            'a': regexp_extract(w, 'm(\d\d) *(\d{1,2}) +(?:[\d:.]+ )?(?:.* )?(\d{4})(?:$|[^\d])', ['m', 'd', 'y']),
            'u': regexp_extract(w, '(?:^|[^\d])(\d{1,2})([-/.])(\d{1,2})[-/.]+(\d{4}|\d{2})(?:$|[^\d])', ['a', 's', 'b', 'y']),
            'w': regexp_extract(w, '^(\d{1,2}) (\d{1,2}) (\d{4})$', ['m', 'd', 'y'])
        }],
        lambda x: case
            when x.y.y <> '' then x.y.y || '-' || x.y.m || '-' || x.y.d
            when x.n.y <> '' then padded_year(x.n.y) || '-' || x.n.m || '-' || x.n.d
            when x.a.y <> '' then x.a.y || '-' || x.a.m || '-' || x.a.d
            when x.u.y <> '' and (day_first or x.u.s = '.') then padded_year(x.u.y) || '-' || x.u.b || '-' || x.u.a
            when x.u.y <> '' then padded_year(x.u.y) || '-' || x.u.a || '-' || x.u.b
            when x.w.y <> '' then x.w.y || '-' || x.w.m || '-' || x.w.d
        end
    )[1];

-- The hours of a time in that form as hh:mm:ss, 24 of them; none where it has only a date.
create or replace temp macro clock_text(w) as
    list_transform(
        [regexp_extract(w, '(?:^|[^\d])(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?|\.(\d{2})(?:\.(\d{2}))?$| [ap]m)',
            ['h', 'm', 's', 'f', 'm2', 's2'])],
        lambda c: case
            when c.h = '' or c.h::integer > 24 then null
            else (case
                when regexp_matches(w, '\bpm\b') and c.h::integer < 12 then c.h::integer + 12
                when regexp_matches(w, '\bam\b') and c.h::integer = 12 then 0
                else c.h::integer
            end)::varchar || ':' || coalesce(nullif(c.m, ''), nullif(c.m2, ''), '00') || ':'
                || coalesce(nullif(c.s, ''), nullif(c.s2, ''), '00') || case when c.f <> '' then '.' || left(c.f, 6) else '' end
        end
    )[1];

create or replace temp macro offset_minutes(w) as
    list_transform(
        [{
            'o': regexp_extract(w, '\d ?(?:[ap]m)? ?(?:gmt|utc)? ?([+-])(\d{1,2}):?(\d{2})?(?: \d{4})?\s*$', ['s', 'h', 'm']),
            'z': trim(regexp_replace(regexp_replace(w, '\bm\d\d\b|\b[ap]m\b|\d+t\d+|[\d:/+,-]+', ' ', 'g'), '^[\s.]+|[\s.]+$', '', 'g'))
        }],
        lambda x: case
            when x.o.h <> '' and regexp_matches(w, ':\d') then
                (case when x.o.s = '-' then -1 else 1 end) * (x.o.h::integer * 60 + coalesce(nullif(x.o.m, '')::integer, 0))
            else zone_minutes(regexp_replace(x.z, '\s+', ' ', 'g'))
        end
    )[1];

-- A written time, by its parts. A zone of an unknown name gives no time: it might be hours away.
create or replace temp macro written_time(t, day_first) as
    list_transform(
        [time_words(t)],
        lambda w: case
            when date_text(w, day_first) is not null and offset_minutes(w) is not null then
                try_cast(date_text(w, day_first) || ' ' || coalesce(clock_text(w), '00:00') as timestamp)
                    - to_minutes(offset_minutes(w))
        end
    )[1];

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

create or replace temp macro time_of(t, day_first) as
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
        else coalesce(
            written_time(t, day_first),
            case when regexp_matches(trim(t), '^\d{4}-\d') then
                try_cast(try_cast(trim(t) as timestamptz) at time zone 'UTC' as timestamp) end)
    end;

-- Years of four digits: beyond them, and of the words infinity and -infinity, no difference can be taken.
create or replace temp macro dated(x) as
    case when x between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999' then x end;
