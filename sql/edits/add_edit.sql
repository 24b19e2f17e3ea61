-- Insert an edit.
-- reads: $kind, $persona, $other, $called, $made_at   writes: edits
insert into edits
select coalesce(max(edit_id), 0) + 1, $kind, $persona::integer, $other::integer, $called, $made_at, false from edits;
