"""What users rely on, as sentences."""
