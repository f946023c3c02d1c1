"""The analysts' file: pseudonyms instead of persons, a comment on everything, Chinese views."""
