"""The HTTP edges of `chat`."""
