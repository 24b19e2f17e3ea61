-- Create a table of the language of texts by their function words, and whether the encoder does not know their words.
-- reads: incoming   writes: text_languages (temporary)
create or replace temp table text_languages as select doc_id, language, unknown from incoming;
