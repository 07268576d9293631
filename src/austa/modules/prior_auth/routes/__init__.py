"""The HTTP edge of `prior_auth`."""
