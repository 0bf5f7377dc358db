"""The page: three workspaces on one pipeline. It knows nothing of the graph or of models."""
