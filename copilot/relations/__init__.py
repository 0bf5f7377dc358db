"""Which relation a sentence states between the things that it names, in whatever words: a small trained encoder.

Knows nothing of facts and of verdicts: what it reads is a proposal that the graph decides on.
"""
