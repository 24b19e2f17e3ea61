-- List the authors as they are written.
-- reads: documents, replies   writes: nothing
select author from documents where author is not null union select author from replies where author is not null order by author;
