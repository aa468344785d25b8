"""The model versions that training registers, as the site sees them."""
