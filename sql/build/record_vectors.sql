-- Record under which name the vector table lies.
-- reads: $vector_table, $build_id   writes: build
update build set vector_table = $vector_table where build_id = $build_id;
