-- Compare the stances of the personas: share, its 95 % interval, share of the others, difference; significant ones.
-- reads: persona_stances, personas, $stance, $alpha   writes: nothing
-- $stance: all | complaint, question, wish, praise, thanks, answer, news, promotion, talk, unclear, or all
-- $alpha: 0.05 | largest q of a difference; 1 lists every stance
select
    s.persona_id, p.name as persona_name, s.stance, s.n, round(s.share, 4) as share, round(s.low, 4) as low,
    round(s.high, 4) as high, round(s.baseline_share, 4) as share_of_others, round(s.difference, 4) as difference, s.q
from persona_stances as s
join personas as p using (persona_id)
where $stance in ('all', s.stance) and (s.q <= $alpha or $alpha >= 1)
order by s.stance, s.share desc, s.persona_id
