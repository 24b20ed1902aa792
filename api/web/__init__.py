"""What all pages share: rendering, translation, forms, navigation, the design system. May import api only."""
