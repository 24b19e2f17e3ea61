-- Update the name of one persona, unless another has it.
-- reads: $persona, $called   writes: personas
update personas set name = $called, generated_name = $called
where persona_id = $persona and $called not in (select name from personas where persona_id <> $persona);
