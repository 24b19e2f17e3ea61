-- Select the names of the two axes of the map.
-- reads: layout_axes   writes: nothing
select axis, name, explained from layout_axes order by axis
