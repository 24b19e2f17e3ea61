-- Replace ids and authors by hashes under a discarded key; one account has one hash in any spelling.
-- reads: incoming, $key   writes: documents, replies
create or replace temp table accounts as select author, account from incoming;
update documents set
    tweet_id = 't' || substring(md5($key || 't' || tweet_id), 1, 16),
    in_reply_to = 't' || substring(md5($key || 't' || in_reply_to), 1, 16),
    author = (select 'a' || substring(md5($key || 'a' || s.account), 1, 16) from accounts as s where s.author = documents.author);
update replies set
    tweet_id = 't' || substring(md5($key || 't' || tweet_id), 1, 16),
    in_reply_to = 't' || substring(md5($key || 't' || in_reply_to), 1, 16),
    author = (select 'a' || substring(md5($key || 'a' || s.account), 1, 16) from accounts as s where s.author = replies.author),
    text = (select d.text from documents as d where d.doc_id = replies.doc_id);
drop table accounts;
