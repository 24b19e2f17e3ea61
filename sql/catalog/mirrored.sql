-- Attach the scratch file again: a stored definition is returned in another form.
-- reads: $path   writes: nothing
attach $path as mirror (read_only);
