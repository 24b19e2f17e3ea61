-- Let go of the texts in their normal form.
-- reads: normal   writes: nothing
drop table normal;
