-- Update the name of the vector table.
-- reads: $vector_table, $build_id   writes: build
update build set vector_table = $vector_table where build_id = $build_id;
