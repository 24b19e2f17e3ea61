-- Describe the table of the columns that riindex does not use itself.
-- reads: nothing   writes: document_extras
comment on table document_extras is 'The columns of the source that play no role of their own, as they came';
comment on column document_extras.doc_id is 'The document';
