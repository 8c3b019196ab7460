"""Backup and return of the database, thin over PostgreSQL's own programs. Knows no table of the product but two figures of the book."""
