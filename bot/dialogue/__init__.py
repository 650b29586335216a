"""What the product says: what kind of inquiry, which quotes, whose desk."""
