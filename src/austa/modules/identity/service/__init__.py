"""The use cases of `identity`."""
