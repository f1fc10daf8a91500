"""Benchmarks: times and sizes, as ratios to a floor taken in the same run. See README.md."""
