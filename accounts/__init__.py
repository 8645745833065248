"""Accounts of people: signing in, second factor, invitations, sessions."""
