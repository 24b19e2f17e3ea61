"""From vectors and behaviour to groups: the fused space, refits, persona ids, the granularity curve."""
