"""What was asked and answered: proposals, assignments, replies, ratings, events."""
