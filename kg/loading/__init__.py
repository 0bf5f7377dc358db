"""How facts get into the graph: packs, their linter and the loader. Knows nothing of questions or answers."""
