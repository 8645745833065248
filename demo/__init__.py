"""The demo: an invented province in which everything can be tried."""
