-- Select a batch of the suspect texts, by number.
-- reads: suspects, $first, $last   writes: nothing
select markdown, text from suspects where number between $first and $last order by number
