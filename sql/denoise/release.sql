-- Drop the tables of the texts in their normal form and of their languages.
-- reads: normal, text_languages   writes: nothing
drop table normal;
drop table if exists text_languages;
