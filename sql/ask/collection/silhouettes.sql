-- Give the silhouettes from which the number of groups was read.
-- reads: silhouettes   writes: nothing
select personas, silhouette, mean, standard_error, agreement, smallest, singles from silhouettes order by personas
