"""What was done and promised: measures, commitments, figures, each tied to its sentence."""
