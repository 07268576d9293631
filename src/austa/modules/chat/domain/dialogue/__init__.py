"""The dialogue: one file a flow, all of them pure."""
