"""What every app of the site stands on, and what knows none of them."""
