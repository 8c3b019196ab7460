"""The book: one double-entry ledger a district. Knows no Flask, no consumer, no shop."""
