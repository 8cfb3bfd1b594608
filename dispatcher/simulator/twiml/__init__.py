"""TwiML: from XML to values."""
