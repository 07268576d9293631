"""All SQL of `prior_auth`. Row-level security keeps every statement to the transaction's operator."""
