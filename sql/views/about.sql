-- Create the description of the file and how to query it, for recipients of the file alone.
-- reads: documents, dropped, personas, $called, $version, $preset, $encoder, $sources   writes: about
create or replace table about as
select position::integer as position, topic, text from (values
    (1, 'what this is', (select 'Personas found in ' || count(*)::varchar || ' ' || $called || ', '
        || (count(*) - (select count(*) from dropped))::varchar || ' of them kept, in '
        || (select count(*) from personas)::varchar || ' groups alike in what they say and in how their authors behave'
        || coalesce('; posted ' || strftime(min(created_at), '%Y-%m-%d') || ' to ' || strftime(max(created_at), '%Y-%m-%d'), '')
        from documents)),
    (2, 'how it was made', 'riindex ' || $version || ', preset ' || $preset || ', encoder ' || $encoder || ', from ' || $sources
        || '; every setting is in the table build, every table and column has a comment'),
    (3, 'who they are', 'select persona_id, name, size, share, description from personas order by size desc'),
    (4, 'one of them', 'select * from persona_card(0)'),
    (5, 'what they say', 'select text from tweets where persona_id = 0 order by confidence desc limit 20'),
    (6, 'find ' || $called || ' by meaning', 'select * from similar_tweets(''late delivery'')   or, for 25: similar_tweets(''late delivery'', 25)'),
    (7, 'find personas by meaning', 'select * from similar_personas(''late delivery'')'),
    (8, 'find ' || $called || ' by word', 'select * from search_tweets(''refund policy'')'),
    (9, 'with a condition', 'select t.* from similar_tweets(''late delivery'', 500) as s join tweets as t using (tweet_id) where ' || (select case when count(like_count) > 0 then 't.like_count > 10' else 't.confidence > 0.9' end from documents) || ' order by s.score desc limit 10'),
    (10, 'what was left out', 'select reason, count(*) from dropped group by reason'),
    (11, 'how good it is', 'select metric, value, definition from quality'),
    (12, 'all tables', 'select table_name, comment from duckdb_tables() union all select view_name, comment from duckdb_views() where not internal'),
    (13, 'if a macro is not found', 'macros, and in DuckDB 1.1 views too, work when this file is the current database: open it directly, or say  use <the name it is attached under>')
) as rows_(position, topic, text)
order by position;
comment on table about is 'Description of this file, of its making and of its use: paste what stands in text';
comment on column about.position is 'Order of reading';
comment on column about.topic is 'Topic of the line';
comment on column about.text is 'The answer, or a question to paste';
