-- Count the terms that are tried in every persona: those that enough documents of all say.
-- reads: frequent   writes: nothing
select count(*) from frequent;
