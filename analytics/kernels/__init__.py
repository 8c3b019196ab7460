"""Numba functions over plain arrays: no database, no clock, no pandas. Each is a map over partitions and a combine."""
