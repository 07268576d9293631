"""AUSTA: care and prior authorization for Brazilian health-plan operators."""

__version__ = "0.1.0"
