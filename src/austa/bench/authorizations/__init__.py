"""How fast requests are decided: the installation, who asks, the offering, what is stored before, and kills."""
