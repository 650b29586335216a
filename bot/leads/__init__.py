"""From a visitor's form to the desk: what is taken in, kept, sent on and forgotten."""
