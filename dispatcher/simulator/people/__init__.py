"""The people: their telephones, what they hear and how they behave."""
