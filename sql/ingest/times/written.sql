-- Define how a time in words is read: by its parts.
-- reads: nothing   writes: temporary macros
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

create or replace temp macro other_time(t, day_first) as
    coalesce(
        written_time(t, day_first),
        case when regexp_matches(trim(t), '^\d{4}-\d') then
            try_cast(try_cast(trim(t) as timestamptz) at time zone 'UTC' as timestamp) end);
