"""Decides. Pure: no library but phonenumbers, no clock, no settings."""
