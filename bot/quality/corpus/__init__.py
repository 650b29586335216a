"""Whether a corpus is in order: one file a family of checks, each pure over what was read; `examination` joins them."""
