"""The lab: data, training, evaluation and the registry of model versions."""
