"""One file a format: what is in it, in words of ours. A reader never runs what it reads."""
