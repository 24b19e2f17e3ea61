-- Attach the scratch file again: a definition that was stored and read comes back in another form.
-- reads: $path   writes: nothing
attach $path as mirror (read_only);
