-- List the names and sentences from a language model.
-- reads: namings   writes: nothing
select persona_id, model, name, sentence, claim_ids from namings order by persona_id
