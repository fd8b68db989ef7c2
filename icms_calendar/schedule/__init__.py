"""Questions about time: whether a system is up at an instant, and when it is free."""
