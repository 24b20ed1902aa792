"""The pages, a package for each room people work in."""
