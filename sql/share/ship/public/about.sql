-- Update the description so that it reveals no more of the source than the copy.
-- reads: $version, $called   writes: about
update about set text = 'riindex ' || $version || '; every table and column has a comment' where topic = 'how it was made';
update about set text = 'Personas: groups of ' || $called || ' alike in what they say and in how their authors behave' where topic = 'what this is';
