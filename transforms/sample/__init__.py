"""HOW an invented district is made: its world, its extracts as an office receives them, and the truth about them."""
