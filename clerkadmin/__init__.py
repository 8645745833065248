"""The admin as clerks get it: nothing is deleted, nothing is guessed at, every change is told."""
