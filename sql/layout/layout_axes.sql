-- Insert the names of the two axes of the map.
-- reads: incoming   writes: layout_axes
create or replace table layout_axes as select axis, name, explained from incoming order by axis;
comment on table layout_axes is 'Meaning of the two directions of the map';
comment on column layout_axes.axis is 'x or y of layout';
comment on column layout_axes.name is 'The method and the number of the direction';
comment on column layout_axes.explained is 'Share of the variance that lies along it; NULL where the method keeps none';
