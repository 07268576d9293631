"""Vendor clients of `identity`: password hashing."""
