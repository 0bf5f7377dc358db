"""Raw patient data comes in, only safe values go out. Knows nothing of the graph, the models or the page."""
