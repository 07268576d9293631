"""Two families of papers that share nothing but the kinds of blocks: `working` to build with, `held_out` to measure."""
