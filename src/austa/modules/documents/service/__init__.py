"""The use cases of `documents`."""
