"""Who works here: what waits for a clerk, most urgent first."""
