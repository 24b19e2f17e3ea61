-- Insert the selected extra columns, masked.
-- reads: incoming   writes: document_extras
create or replace table document_extras as select * from incoming order by doc_id;
comment on table document_extras is 'The other columns of the source that were to be kept';
comment on column document_extras.doc_id is 'The document';
