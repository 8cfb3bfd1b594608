"""What Twilio documents, in tables made from what it publishes."""
