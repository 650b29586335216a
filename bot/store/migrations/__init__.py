"""How the tables came to be, one file a step. Written by hand; a step never imports `tables`, which moves on."""
