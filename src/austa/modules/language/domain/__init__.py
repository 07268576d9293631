"""Reading a message, pure: text and data in, findings with their reasons out."""
