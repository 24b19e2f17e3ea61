-- Insert a batch of readable texts with their raw ones.
-- reads: incoming   writes: readable
insert into readable select markdown::boolean, raw, text from incoming;
