"""Who answers: departments, their other names and successors, and their clerks."""
