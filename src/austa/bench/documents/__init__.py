"""Reading of documents, measured: labels, scores, the evaluation, and the papers it is measured on."""
