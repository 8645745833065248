"""Finding rows by the words of their titles: knows kinds and ids, no rows of ours."""
