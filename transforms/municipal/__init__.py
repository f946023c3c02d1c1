"""Several districts under one roof: what crosses a border between them, and the sum of all. Stands after `published`."""
