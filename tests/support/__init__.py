"""One cast and one small office that tests share."""
