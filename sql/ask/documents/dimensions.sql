-- Tell how many numbers a vector has.
-- reads: embeddings   writes: nothing
select len(vector::float[]) from embeddings limit 1;
