"""Bytes out: a calendar becomes feeds, and the feed published before becomes the ledger."""
