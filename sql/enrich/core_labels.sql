-- Select the persona of every kept document, -1 for those outside the core.
-- reads: assignments   writes: nothing
select case when is_core then persona_id else -1 end::bigint as persona_id from assignments order by doc_id;
