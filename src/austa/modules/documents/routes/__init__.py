"""HTTP edge of `documents`."""
