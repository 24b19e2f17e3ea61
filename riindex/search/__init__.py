"""Search: the query, the planner, the backends and the engine."""
