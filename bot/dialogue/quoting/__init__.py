"""Which sentences answer a question: what it asks for, what a sentence states, how far a quote has to reach."""
