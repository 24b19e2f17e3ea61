-- Select the silhouettes by which the number of groups was chosen.
-- reads: silhouettes   writes: nothing
select personas, silhouette, mean, standard_error, agreement, smallest, singles from silhouettes order by personas
