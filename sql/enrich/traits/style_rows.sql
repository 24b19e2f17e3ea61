-- Select the standardised style of each persona, in order of feature.
-- reads: persona_traits   writes: nothing
select persona_id, coalesce(case when deviation > 1e-9 then mean / deviation end, 0) as value
from persona_traits
where feature in ('text_length', 'word_count', 'avg_word_length', 'question_density', 'exclam_density',
    'uppercase_ratio', 'punctuation_density', 'emoji_count', 'hashtag_count', 'url_count')
order by persona_id, feature;
