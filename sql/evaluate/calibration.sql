-- Keep how far confidence keeps its word.
-- reads: incoming   writes: calibration
insert into calibration select * from incoming order by low;
