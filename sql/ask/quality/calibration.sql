-- List the calibration of confidence.
-- reads: calibration   writes: nothing
select low, n, confidence, found_again from calibration order by low
