"""The application: one pipeline from a question and films to a checked answer. Knows nothing of the page."""
