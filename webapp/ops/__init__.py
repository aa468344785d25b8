"""How the site starts, works in the background and says that it is well."""
