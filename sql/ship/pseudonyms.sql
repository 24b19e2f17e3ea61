-- Replace ids and authors by hashes under a key that is thrown away.
-- reads: $key   writes: documents, replies
update documents set
    tweet_id = 't' || substring(md5($key || 't' || tweet_id), 1, 16),
    in_reply_to = 't' || substring(md5($key || 't' || in_reply_to), 1, 16),
    author = 'a' || substring(md5($key || 'a' || author), 1, 16);
update replies set
    tweet_id = 't' || substring(md5($key || 't' || tweet_id), 1, 16),
    in_reply_to = 't' || substring(md5($key || 't' || in_reply_to), 1, 16),
    author = 'a' || substring(md5($key || 'a' || author), 1, 16),
    text = (select d.text from documents as d where d.doc_id = replies.doc_id);
