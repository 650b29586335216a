"""Whether all is well: the corpus for its editors, the installation for its operator."""
