"""The ground floor: clock, yen, ids, error families, settings, database. Knows no business word."""
