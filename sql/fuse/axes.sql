-- Create the table of the coordinates of the fused space.
-- reads: incoming   writes: axes
create or replace table axes as
select position::integer as position, block, feature, origin, vector from incoming order by position;
comment on table axes is 'Meaning of each coordinate of the fused space, used to explain a decision';
comment on column axes.position is 'Place in the fused row, from 0';
comment on column axes.block is 'text, behaviour or label';
comment on column axes.feature is 'The column of behaviour, or the label; of text the number of the axis';
comment on column axes.origin is 'Of text: added to the product';
comment on column axes.vector is 'Of text: the coordinate is the product of a text''s vector with this, plus the origin; zeros for a feature';
