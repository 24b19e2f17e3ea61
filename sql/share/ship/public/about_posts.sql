-- Update the description of the posts in the copy, without those that were removed.
-- reads: documents, personas, $called   writes: about
update about set text = (
    select 'Personas found in ' || count(*)::varchar || ' ' || $called || ', in ' || (select count(*) from personas)::varchar
        || ' groups alike in what they say and in how their authors behave'
        || coalesce('; posted ' || strftime(min(created_at), '%Y-%m-%d') || ' to ' || strftime(max(created_at), '%Y-%m-%d'), '')
    from documents)
where topic = 'what this is';
delete from about where topic = 'what was left out';
