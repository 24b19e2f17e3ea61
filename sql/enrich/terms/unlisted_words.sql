-- Mark the function words of scripts without a list as stop words: short words that many of their texts have.
-- reads: spoken, $few_letters, $many_texts, $enough_texts   writes: spoken (temporary)
update spoken set tells = false
where tells and word in (
    with used as (
        select distinct doc_id, word from spoken
        where regexp_matches(word, '[^\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Bengali}\p{Gujarati}\p{Armenian}\p{Hangul}\p{Han}\p{Katakana}\p{Thai}\p{M}\p{N}\p{Common}]')
    )
    -- They are short, since they are frequent (Zipf 1935); a subject of four letters is seldom so frequent.
    select word
    from used
    where length(regexp_replace(word, '\p{M}', '', 'g')) <= $few_letters
    group by word
    having count(*) >= $enough_texts and count(*) >= $many_texts * (select count(distinct u.doc_id) from used as u)
);
