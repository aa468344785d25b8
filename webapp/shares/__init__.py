"""Links that show a photo to whoever has them: to look at, until they end."""
