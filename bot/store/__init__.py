"""What is kept: the only door to SQLAlchemy."""
