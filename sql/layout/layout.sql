-- Insert the positions on the map.
-- reads: incoming   writes: layout
create or replace table layout as select doc_id, x, y from incoming order by doc_id;
comment on table layout is 'Position of each kept document on the map; only distances have a meaning';
comment on column layout.doc_id is 'The document';
comment on column layout.x is 'Horizontal position';
comment on column layout.y is 'Vertical position';
