-- Count per account the posts that begin or end with the same three words as two others of its posts.
-- reads: speaker_posts (temporary)   writes: speaker_templates (temporary)
create or replace temp table speaker_templates as
with ends as (
    select doc_id, account, array_to_string(words[:3], ' ') as opening, array_to_string(words[-3:], ' ') as ending
    from speaker_posts where len(words) >= 3
),
counted as (
    select
        account,
        count(*) over (partition by account, opening) as same_opening,
        count(*) over (partition by account, ending) as same_ending
    from ends
)
select account, count(*) as n from counted where greatest(same_opening, same_ending) >= 3 group by account;
