"""The laboratory: data, training, evaluation and the registry of model versions."""
