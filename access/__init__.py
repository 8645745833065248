"""Who may do what, with which rows: the table of rights, and the gate that reads it."""
