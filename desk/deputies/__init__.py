"""The desk of a deputy (`/desk/`): own proposals, their replies, the word on each."""
