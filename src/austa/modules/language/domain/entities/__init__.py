"""Facts named in a message: who, what hurts, since when, which medicine, procedure, day and number."""
