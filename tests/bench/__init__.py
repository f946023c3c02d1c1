"""The standing benchmark: `make bench`. Ratios inside one run are what counts; times depend on the machine."""
