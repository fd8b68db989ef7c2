"""Records in: files and folders become a calendar."""
