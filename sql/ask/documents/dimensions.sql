-- Select the number of dimensions of a vector.
-- reads: embeddings   writes: nothing
select len(vector::float[]) from embeddings limit 1;
