-- Give every kept document's persona, those outside the core as -1.
-- reads: assignments   writes: nothing
select case when is_core then persona_id else -1 end::bigint as persona_id from assignments order by doc_id;
