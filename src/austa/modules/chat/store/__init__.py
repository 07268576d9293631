"""All SQL of `chat`."""
