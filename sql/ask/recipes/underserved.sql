-- List underserved personas: they ask and reply much, and are liked and answered little.
-- reads: tweets, personas   writes: nothing
with each_post as (
    select persona_id, contains(text, '?')::integer as asks, coalesce(reply_count, 0) as answers, coalesce(like_count, 0) as likes
    from tweets
)
select
    p.persona_id, p.name, p.size,
    round(avg(e.asks), 4) as share_asking,
    round(avg(e.answers), 3) as replies_a_post, round(avg(e.answers) filter (e.asks = 1), 3) as replies_a_question,
    round(median(e.likes), 1) as median_likes,
    round(avg((e.asks = 1 and e.answers = 0)::integer), 4) as share_unanswered_questions
from each_post as e
join personas as p using (persona_id)
group by p.persona_id, p.name, p.size
order by share_unanswered_questions desc, p.persona_id
