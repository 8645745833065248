"""What anyone may see: snapshot tables written at publishing, and pages that read nothing else."""
