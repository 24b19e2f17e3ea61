-- Tell how far confidence keeps its word.
-- reads: calibration   writes: nothing
select low, n, confidence, found_again from calibration order by low
