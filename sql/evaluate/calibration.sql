-- Insert the calibration of confidence.
-- reads: incoming   writes: calibration
insert into calibration select * from incoming order by low;
