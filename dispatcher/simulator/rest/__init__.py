"""The REST requests that the carrier serves."""
