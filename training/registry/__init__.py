"""What the site keeps of training: data sets, model versions, scores, figures and samples."""
