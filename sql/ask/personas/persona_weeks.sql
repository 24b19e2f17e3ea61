-- List a persona's share of each week's posts.
-- reads: persona_trends, $persona   writes: nothing
select week, n, total, share, low, high from persona_trends where persona_id = $persona order by week
