"""All SQL of `prior_auth`."""
