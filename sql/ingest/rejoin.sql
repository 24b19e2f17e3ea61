-- Join the parts that a tokenised corpus has separated: one kind of sign at a time.
-- reads: staged, $source_no, $pattern, $replacement   writes: staged
update staged set text = regexp_replace(text, $pattern, $replacement, 'g') where source_no = $source_no;
