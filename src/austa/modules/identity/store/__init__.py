"""All SQL of `identity`."""
