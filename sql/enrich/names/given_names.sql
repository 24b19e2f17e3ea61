-- Give the personas the names that were given by hand, the others their own.
-- reads: incoming   writes: personas
update personas set name = coalesce(
    (select i.name from incoming as i where i.persona_id = personas.persona_id), generated_name);
