-- Select the labels of a dimension in their order.
-- reads: label_scores, $dimension   writes: nothing
select label, min(position) as position from label_scores where dimension = $dimension group by label order by position
