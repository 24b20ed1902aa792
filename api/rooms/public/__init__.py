"""The public window: pages for citizens, who are not asked to sign in."""
