"""Evaluation tasks: one file a task. Knows the application by its public faces only."""
