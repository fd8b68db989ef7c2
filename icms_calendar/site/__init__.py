"""Everything that knows the web: which files a site has, what is in them, and how they reach a folder."""
