"""The use cases of `providers`."""
