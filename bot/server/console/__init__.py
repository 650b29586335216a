"""The staff's console: pages in English that need no script. Who is signed in, and what they see and do."""
