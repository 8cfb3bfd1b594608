"""Doors for people and for the carrier."""
