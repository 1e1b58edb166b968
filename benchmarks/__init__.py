"""Speed, as ratios to peers measured in one run; ``python -m benchmarks`` prints them all in one table."""
