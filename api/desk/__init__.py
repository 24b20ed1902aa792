"""Questions of a reception desk: which procedure, what date, what waits."""
