"""Between the carrier and the application: signed webhooks, and what may befall them."""
