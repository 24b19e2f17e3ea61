-- Count the terms that are tested in every persona: those that enough documents use.
-- reads: frequent   writes: nothing
select count(*) from frequent;
