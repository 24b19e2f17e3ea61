"""Clustering of rows: methods, the number of groups, figures of merit and refits."""
