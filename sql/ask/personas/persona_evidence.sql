-- List the evidence of the personas.
-- reads: persona_evidence   writes: nothing
select persona_id, rank, doc_id, tweet_id, text from persona_evidence order by persona_id, rank
