"""How what ships was made: the bundled encoder and the example films. Not shipped itself; knows nothing of the page."""
