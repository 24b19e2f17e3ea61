"""Labels of texts by dimensions such as seniority or industry."""
