-- Insert the static encoder's vocabulary, each piece with its weighted vector in eight bits.
-- reads: incoming   writes: words
create or replace table words as select word, scale, vector from incoming;
comment on table words is 'The vocabulary of the search encoder: a text''s vector is the sum of its words'' vectors, brought to unit length';
comment on column words.word is 'A word, or a piece of one: ## continues the piece before';
comment on column words.scale is 'Factor of the numbers of the vector';
comment on column words.vector is 'Its vector in eight bits a number, the word''s weight multiplied in';
