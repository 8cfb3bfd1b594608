"""A day rehearsed: the whole service over the simulated network, and what became of every call."""
