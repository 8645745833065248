"""Who is told, and when: reminders, the outbox, e-mail."""
