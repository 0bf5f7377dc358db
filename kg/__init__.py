"""The medical knowledge graph: linking, retrieval, verification. Knows nothing of models, patients or pages."""
