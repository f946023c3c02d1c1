"""Small whole invented worlds: readable tables in, a built work file out."""
