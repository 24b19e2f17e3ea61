-- Say what the two directions of the map are.
-- reads: layout_axes   writes: nothing
select axis, name, explained from layout_axes order by axis
