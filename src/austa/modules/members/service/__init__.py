"""The use cases of `members`."""
