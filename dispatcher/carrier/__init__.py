"""Twilio, both ways."""
