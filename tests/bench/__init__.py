"""Tests of benchmarks, evaluations and training."""
