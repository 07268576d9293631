"""Shared words of the house, pure: no I/O, no framework, no business."""
