"""Views of the public pages: they read the snapshot tables and nothing else."""
