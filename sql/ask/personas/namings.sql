-- Tell what a language model made of the personas.
-- reads: namings   writes: nothing
select persona_id, model, name, sentence, claim_ids from namings order by persona_id
