-- Delete data that only the owner needs: dropped and raw texts, rejects, positions in the source, runs of stages.
-- reads: dropped   writes: views tweets, descriptions, persona_labels, search_vectors, documents, embeddings, behaviour, document_extras, speakers, stances, labels, label_scores, learned_heads, dropped, rejects, replies, build, stage_run, digests, edits, successions
delete from documents where doc_id in (select doc_id from dropped);
delete from embeddings where doc_id in (select doc_id from dropped);
delete from behaviour where doc_id in (select doc_id from dropped);
-- Learned labels are a column of the source, or follow from it.
delete from labels where engine in ('given', 'learned');
drop table if exists learned_heads;
delete from speakers where doc_id in (select doc_id from dropped);
-- A reason may be the value of a column of the source.
update speakers set reasons = [];
delete from stances where doc_id in (select doc_id from dropped);
delete from document_extras where doc_id in (select doc_id from dropped);
delete from dropped;
delete from rejects;
drop table if exists raw_texts;
delete from replies where doc_id is null or doc_id not in (select doc_id from documents);
delete from stage_run;
delete from edits;
update successions set likeness = null;
delete from digests;
update documents set source_id = null, source_file = null, source_place = null;
drop table if exists reduced;
drop table if exists refits;
drop table if exists axes;
drop table if exists persona_centres;
delete from build where build_id <> (select build_id from build order by rowid desc limit 1);
update build set sources = '[]', source_digest = '', vector_table = '', libraries = '{}', rejected = 0;
