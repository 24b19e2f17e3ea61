-- Update the names of personas, all at once: one may receive the former name of another.
-- reads: incoming   writes: personas
update personas set name = incoming.name, generated_name = incoming.name
from incoming where incoming.persona_id = personas.persona_id;
