"""Language models behind LangChain's chat model interface. Knows nothing of facts, films or verdicts."""
