-- Insert the names and sentences from a language model.
-- reads: incoming   writes: namings
create or replace table namings as
select digest, persona_id, model, name, sentence, claim_ids from incoming order by persona_id;
comment on table namings is 'Names and sentences from the language model of the setting enrich.namer; personas whose answer was refused are missing';
comment on column namings.digest is 'Hash of the model and of all that it was sent: the same question is not asked again';
comment on column namings.persona_id is 'The persona';
comment on column namings.model is 'The model, as it was requested';
comment on column namings.name is 'The name that it gave: personas.generated_name';
comment on column namings.sentence is 'One sentence in its own words; every number in it is in a claim that it cites';
comment on column namings.claim_ids is 'The rows of claims that the sentence cites';
