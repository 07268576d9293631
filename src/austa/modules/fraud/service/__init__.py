"""The use cases of `fraud`."""
