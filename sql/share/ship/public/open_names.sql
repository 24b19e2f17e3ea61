-- Give personas other names, all at once: one may have what another had.
-- reads: incoming   writes: personas
update personas set name = incoming.name, generated_name = incoming.name
from incoming where incoming.persona_id = personas.persona_id;
