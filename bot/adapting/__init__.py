"""Learns from the firm's own corpus: pairs, training, check, adoption."""
