"""Bytes out: a calendar becomes feeds, and the previous feed becomes the ledger."""
