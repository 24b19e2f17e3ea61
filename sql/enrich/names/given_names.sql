-- Update the names of the personas: the incoming name, else the generated one.
-- reads: incoming   writes: personas
update personas set name = coalesce(
    (select i.name from incoming as i where i.persona_id = personas.persona_id), generated_name);
