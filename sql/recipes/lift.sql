-- Did it work: the outcome of test against control in each persona, with the 95 % interval of the difference.
-- reads: tweets, $outcome_column, $group_column, $test   writes: nothing
-- $outcome_column: like_count | column of tweets with the outcome; above zero is a success
-- $group_column: lang | column of tweets that says who was treated
-- $test: en | its value for the treated; all others are the control
with rows_ as (
    select persona_id, persona_name,
        coalesce(try_cast(json_extract_string(to_json(t), '$.' || $outcome_column) as double), 0) > 0 as success,
        json_extract_string(to_json(t), '$.' || $group_column) is not distinct from $test as treated
    from tweets as t
),
counted as (
    select persona_id, persona_name,
        count(*) filter (treated) as n_test, count(*) filter (not treated) as n_control,
        count(*) filter (treated and success) as k_test, count(*) filter (not treated and success) as k_control
    from rows_ group by all
),
shares as (
    select *, k_test / nullif(n_test, 0) as p, k_control / nullif(n_control, 0) as q from counted
)
select
    persona_id, persona_name, n_test, n_control, round(p, 4) as rate_test, round(q, 4) as rate_control,
    round(p - q, 4) as difference,
    round(p - q - 1.96 * sqrt(p * (1 - p) / n_test + q * (1 - q) / n_control), 4) as low,
    round(p - q + 1.96 * sqrt(p * (1 - p) / n_test + q * (1 - q) / n_control), 4) as high,
    round(p / nullif(q, 0) - 1, 4) as lift
from shares
order by difference desc nulls last, persona_id
