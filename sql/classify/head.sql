-- Keep a learned head, in place of the former one of its dimension.
-- reads: incoming   writes: learned_heads
delete from learned_heads where dimension in (select dimension from incoming);
insert into learned_heads select dimension, head, texts, macro_f1, accuracy, calibration_error from incoming;
