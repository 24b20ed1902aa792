"""Speed, measured as ratios against references in the same run. Never collected by pytest."""
