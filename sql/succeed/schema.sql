-- Create the table of edits by hand, if it does not exist.
-- reads: nothing   writes: edits
create table if not exists edits (
    edit_id integer, kind varchar, persona_id integer, other_id integer, name varchar, made_at timestamp, undone boolean
);
comment on table edits is 'Changes by hand; a later build applies them again to the succeeding personas';
comment on column edits.edit_id is 'Number, in the order in which they were made';
comment on column edits.kind is 'rename or merge';
comment on column edits.persona_id is 'The persona that was renamed, or that took the other in';
comment on column edits.other_id is 'The persona that was merged into it';
comment on column edits.name is 'The name that it was given';
comment on column edits.made_at is 'UTC';
comment on column edits.undone is 'True if undone';
