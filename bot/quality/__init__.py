"""How good it is: measures behind `bot evaluate`, and the fit of the refusal threshold."""
