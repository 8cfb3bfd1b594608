"""SQL: what must still be true tomorrow."""
