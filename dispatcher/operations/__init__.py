"""Verbs: each loads, asks the domain, claims, saves, returns."""
