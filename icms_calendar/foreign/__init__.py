"""Calendar files from other programs: read, checked, and imported."""
