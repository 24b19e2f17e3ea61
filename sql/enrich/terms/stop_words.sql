-- Create the table of stop words.
-- reads: incoming   writes: stop_words (temporary)
create or replace temp table stop_words as select distinct word from incoming;
