-- Repair cells changed by a spreadsheet: a text that begins with a handle became a formula, an id a quoted formula.
-- reads: staged, staged_replies   writes: staged, staged_replies, mended (temporary)
-- A text that would run as a formula and got an apostrophe, as -f csv writes it, loses it.
create or replace temp table mended as
select count(*) as n from (select text from staged union all select text from staged_replies)
where starts_with(text, '=@') or regexp_full_match(text, '(?s)="(.*)"') or regexp_matches(text, '^''[=+@-]');

update staged set text = regexp_replace(regexp_replace(text, '^''([=+@-])', '\1'), '(?s)^=(?:(@.*)|"(.*)")$', '\1\2')
where starts_with(text, '=@') or regexp_full_match(text, '(?s)="(.*)"') or regexp_matches(text, '^''[=+@-]');
update staged_replies set text = regexp_replace(regexp_replace(text, '^''([=+@-])', '\1'), '(?s)^=(?:(@.*)|"(.*)")$', '\1\2')
where starts_with(text, '=@') or regexp_full_match(text, '(?s)="(.*)"') or regexp_matches(text, '^''[=+@-]');

update staged set tweet_id = trim(tweet_id, '="'), in_reply_to = trim(in_reply_to, '="')
where starts_with(tweet_id, '="') or starts_with(in_reply_to, '="');
update staged_replies set tweet_id = trim(tweet_id, '="'), in_reply_to = trim(in_reply_to, '="')
where starts_with(tweet_id, '="') or starts_with(in_reply_to, '="');
