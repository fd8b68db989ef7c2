"""What a window is, and when it takes place."""
