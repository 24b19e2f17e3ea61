-- Mark an edit as undone.
-- reads: $edit   writes: edits
update edits set undone = true where edit_id = $edit;
