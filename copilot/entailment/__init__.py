"""A second opinion on supported sentences by an NLI or hallucination model from a local folder. Knows nothing of the graph."""
