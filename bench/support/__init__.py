"""What the benchmarks share: the product under test, the machine, numbers and reports."""
