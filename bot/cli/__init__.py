"""The commands, thin: each reads its options, calls a room, and shows what came back."""
