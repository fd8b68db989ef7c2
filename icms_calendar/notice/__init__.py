"""Public notices, read into draft windows with questions (read.py) and written for a window (announce.py)."""
