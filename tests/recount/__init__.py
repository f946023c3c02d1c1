"""Every indicator of contract §8 a second time, from the contract's text: Polars and plain Python, no SQL of the product.

What is read: the accepted rows of a home (validated Parquet), the calendars and thresholds that are declared data, and the
published ledger of cases, which is proved against the planted cases beside this. Nothing of `transforms/` is imported.
"""
