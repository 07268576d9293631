"""Vendor clients of `notifications`: the mail server."""
