-- Update ids that are not to be trusted to NULL: the build makes its own.
-- reads: damaged, staged, staged_replies   writes: staged, staged_replies
update staged set tweet_id = null, in_reply_to = null where source_no in (select source_no from damaged);
update staged_replies set tweet_id = null, in_reply_to = null where source_no in (select source_no from damaged);
