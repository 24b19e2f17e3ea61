"""Groups from vectors and behaviour: the fused space, refits, persona ids, the granularity curve."""
