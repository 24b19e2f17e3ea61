-- Find documents whose stance does not follow from their text, or differs from it beyond rounding: twenty at most.
-- reads: stances, stances_before, $tolerance   writes: nothing
with before as (
    select doc_id, stance as former, best_stance as former_best, probability as former_probability from stances_before
),
compared as (
    select *, case
            when probability is null and former_probability is null and stance = former then 0
            else coalesce(abs(probability - former_probability), 1)
        end as gap
    from stances full join before using (doc_id)
)
select
    'stances' as table_name, 'doc_id=' || doc_id as key,
    case
        when former is null then 'the row is missing'
        when stance is null then 'no such row follows from the documents'
        else 'stance is ' || former || ' (' || round(former_probability, 4) || '), the text yields ' || stance
            || ' (' || round(probability, 4) || ')'
    end as problem
from compared
-- Of equal probabilities, and at the threshold, rounding decides.
where gap > $tolerance
    or (best_stance <> former_best and probability - runner_up_probability > $tolerance)
    or (stance <> former and best_stance = former_best and gap = 0)
order by doc_id
limit 20;
