"""Use cases of the queue, the case, opinions and releases."""
