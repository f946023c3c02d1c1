"""A whole invented district, end to end, held against the truth its generator wrote."""
