-- Select the documents of every keyword, with its contribution to the score of each.
-- reads: postings   writes: nothing
select doc_id, weight from postings order by term_id, doc_id;
