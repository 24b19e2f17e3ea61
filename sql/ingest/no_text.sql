-- Insert the rows that have no text into the rejected rows.
-- reads: staged, $source, $source_no   writes: rejects
insert into rejects
select $source, 'row ' || row_no, 'no text'
from staged
where source_no = $source_no and (text is null or blank(text))
order by row_no;
