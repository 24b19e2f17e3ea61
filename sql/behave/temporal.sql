-- Compute the local time of a post, and the time since its author's previous one.
-- reads: posts   writes: temporal (temporary)
create or replace temp table temporal as
select
    doc_id,
    sin(2 * pi() * (hour(clock_time) + minute(clock_time) / 60.0) / 24) as hour_sin,
    cos(2 * pi() * (hour(clock_time) + minute(clock_time) / 60.0) / 24) as hour_cos,
    sin(2 * pi() * (isodow(local_time) - 1) / 7) as weekday_sin,
    cos(2 * pi() * (isodow(local_time) - 1) / 7) as weekday_cos,
    (isodow(local_time) >= 6)::double as is_weekend,
    (isodow(clock_time) < 6 and hour(clock_time) between 9 and 16)::double as is_business_hours,
    (hour(clock_time) >= 22 or hour(clock_time) < 6)::double as is_night,
    case
        when author is not null and has_hours
            then date_diff('second', lag(created_at) over (partition by author, has_hours order by created_at, doc_id), created_at)
                / 3600.0
    end as hours_since_previous
from posts;
