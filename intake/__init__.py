"""Letter -> rows: a file or pasted text becomes a draft, an accepted draft a reply."""
