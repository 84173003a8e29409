"""Who may use this installation: sellers with their stores and keys, and people with their passwords."""
