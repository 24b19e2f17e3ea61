-- Define the ways to read a value that lies in another: the data files of the families call them by name.
-- reads: nothing   writes: temporary macros
create or replace temp macro read_either(a, b) as
    case when a is null or lower(trim(a)) in ('', 'na', 'n/a', 'nan', 'none', 'null', '<na>') then b else a end;

create or replace temp macro read_words(a, b) as concat_ws(' ', nullif(trim(a), ''), nullif(trim(b), ''));

-- A part that the other one begins with adds nothing: the title of a post is often its first words.
create or replace temp macro read_paragraphs(a, b) as
    case
        when a is null or trim(a) = '' or starts_with(b, trim(regexp_replace(a, '(…|\.\.\.)$', ''))) then b
        when b is null or trim(b) = '' then a
        else a || e'\n\n' || b
    end;

-- The id under the type replied_to, in a list written by JSON or by Python.
create or replace temp macro read_replied_to(t) as
    nullif(regexp_extract(regexp_extract(t, '\{[^{}]*replied_to[^{}]*'), '[''"]id[''"]\s*:\s*[''"]?(\d+)', 1), '');

-- Whether a kind of post is that of a repost: RETWEET, reasonRepost, an entry retweeted in referenced_tweets.
create or replace temp macro read_repost_kind(t) as
    case when regexp_matches(lower(t), 'retweet|repost|reblog|boost|announce|^shared?$') then 'true' end;
create or replace temp macro read_retweeted_in(t) as
    case when regexp_matches(t, '[''"]type[''"]\s*:\s*[''"]retweeted[''"]') then 'true' end;
-- A message of a person; not what Slack or Discord writes when somebody joins, leaves, pins or calls.
create or replace temp macro read_said(t, kind) as
    case
        when not coalesce(regexp_matches(kind, '(?i)^(?:channel|group|sh_room|huddle|bot_add|bot_remove|reminder|pinned)_|join|leave|pinned|^recipient|^call$|^thread(?:created|_created)|boost|subscription|namechange|iconchange'), false)
            then t
    end;

create or replace temp macro read_other_than(a, b) as nullif(trim(a), trim(b));

create or replace temp macro read_username_in(t) as
    coalesce(
        nullif(regexp_extract(t, '[''"](?:username|screen_name|userName|handle|acct)[''"]\s*:\s*[''"]([^''"]+)', 1), ''),
        nullif(regexp_extract(t, '[''"](?:name|display_name|displayname)[''"]\s*:\s*[''"]([^''"]+)', 1), ''));

-- The parts of a text as Telegram and Takeout write them: a list of words and of objects with a text.
create or replace temp macro read_segments(t) as
    case
        when left(t, 1) = '[' and json_valid(t) then array_to_string(
            list_transform(json_extract(t, '$[*]'), lambda x: coalesce(x ->> '$.text', x ->> '$')), '')
        when left(t, 1) = '{' and json_valid('[' || t || ']') then array_to_string(
            list_transform(json_extract('[' || t || ']', '$[*]'), lambda x: coalesce(x ->> '$.text', '')), '')
        else t
    end;

create or replace temp macro read_first_in(t) as nullif(regexp_extract(t, '[\p{L}_-]+'), '');
create or replace temp macro read_first_key(t) as nullif(regexp_extract(t, '"([^"]+)"\s*:', 1), '');
create or replace temp macro read_did_in(t) as nullif(regexp_extract(t, 'did:[a-z]+:[^/\s]+'), '');
create or replace temp macro read_before_dot(t) as
    case when contains(t, '.') then split_part(t, '.', 1) end;
create or replace temp macro read_not_root(t) as nullif(trim(t), 'root');
create or replace temp macro read_last_number(t) as nullif(regexp_extract(t, '(\d+)[^\d]*$', 1), '');
create or replace temp macro read_quoted_number(t) as nullif(trim(t, ' "='''), '');

-- Ids of things on Reddit begin with their kind, where another names them: t1 is a comment, t3 a submission.
create or replace temp macro read_reddit_comment(t) as case when t like 't1\_%' escape '\' then t else 't1_' || t end;
create or replace temp macro read_reddit_submission(t) as case when t like 't3\_%' escape '\' then t else 't3_' || t end;
create or replace temp macro read_unremoved(t) as case when trim(t) not in ('[removed]', '[deleted]') then t end;
