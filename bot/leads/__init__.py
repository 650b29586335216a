"""What visitors leave: taken in, told from spam, delivered, kept private."""
