"""HOW papers are made: one frozen context a paper, one text template, two writers (docx, pdf), workbooks."""
