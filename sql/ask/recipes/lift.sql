-- Measure a campaign: outcome of test against control in each persona, with 95 % interval of the difference.
-- reads: tweets, $outcome_column, $group_column, $test   writes: nothing
-- $outcome_column: like_count | column of tweets with the outcome; above zero, or true, is a success
-- $group_column: lang | column of tweets that says who was treated
-- $test: en | its value for the treated; all others are the control, those without a value neither
with read as (
    select persona_id, persona_name, to_json(t) as fields from tweets as t
),
rows_ as (
    select
        persona_id, persona_name,
        case when not json_exists(fields, '$."' || $outcome_column || '"')
            then error('there is no column ' || $outcome_column || ' in tweets')
            else json_extract_string(fields, '$."' || $outcome_column || '"') end as outcome,
        case when not json_exists(fields, '$."' || $group_column || '"')
            then error('there is no column ' || $group_column || ' in tweets')
            else json_extract_string(fields, '$."' || $group_column || '"') end as own_group
    from read
),
counted as (
    select
        persona_id, persona_name,
        count(*) filter (treated) as n_test, count(*) filter (not treated) as n_control,
        count(*) filter (treated and success) as k_test, count(*) filter (not treated and success) as k_control
    from (
        select
            persona_id, persona_name, own_group = $test as treated,
            coalesce(try_cast(outcome as double) > 0, try_cast(outcome as boolean), false) as success
        from rows_
    )
    group by all
),
shares as (
    select *, k_test / nullif(n_test, 0) as p, k_control / nullif(n_control, 0) as q from counted
),
-- The difference's interval from Wilson's of each share (Newcombe 1998, method 10): it has a width at 0 and 1 too.
bounds as (
    select
        *,
        (p + 1.9208 / n_test - 1.96 * sqrt(p * (1 - p) / n_test + 0.9604 / n_test / n_test)) / (1 + 3.8416 / n_test) as p_low,
        (p + 1.9208 / n_test + 1.96 * sqrt(p * (1 - p) / n_test + 0.9604 / n_test / n_test)) / (1 + 3.8416 / n_test) as p_high,
        (q + 1.9208 / n_control - 1.96 * sqrt(q * (1 - q) / n_control + 0.9604 / n_control / n_control))
            / (1 + 3.8416 / n_control) as q_low,
        (q + 1.9208 / n_control + 1.96 * sqrt(q * (1 - q) / n_control + 0.9604 / n_control / n_control))
            / (1 + 3.8416 / n_control) as q_high
    from shares
)
select
    persona_id, persona_name, n_test, n_control, round(p, 4) as rate_test, round(q, 4) as rate_control,
    round(p - q, 4) as difference,
    round(p - q - sqrt(power(p - p_low, 2) + power(q_high - q, 2)), 4) as low,
    round(p - q + sqrt(power(p_high - p, 2) + power(q - q_low, 2)), 4) as high,
    round(p / nullif(q, 0) - 1, 4) as lift
from bounds
order by difference desc nulls last, persona_id
