"""What the film shows: the encoder port and its backends. Knows nothing of text, the graph or the page."""
