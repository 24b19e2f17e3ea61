-- Insert the lines that the CSV reader rejected into the unreadable rows, once each.
-- reads: reject_errors   writes: unreadable (temporary)
insert into unreadable
select 'line ' || line, lower(min(error_type::varchar)) || ': ' || min(error_message)
from reject_errors
group by line
order by line;
