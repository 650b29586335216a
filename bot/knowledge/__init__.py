"""What the bot knows: documents in, hits out."""
