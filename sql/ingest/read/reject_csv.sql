-- List the lines that the CSV reader could not take, once each.
-- reads: reject_errors   writes: unreadable (temporary)
insert into unreadable
select 'line ' || line, lower(min(error_type::varchar)) || ': ' || min(error_message)
from reject_errors
group by line
order by line;
