"""Doing what TwiML asks, one leg at a time."""
