-- List the steps of the funnel.
-- reads: funnel   writes: nothing
select step, input, dropped, output, retention from funnel order by step_no;
