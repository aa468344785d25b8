"""How a network learns: recipes, samples, the loop, its folder, the search, and the export."""
