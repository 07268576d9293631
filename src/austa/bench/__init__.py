"""What `austa bench`, `austa eval` and `austa train` run. Nothing of the product needs it."""
