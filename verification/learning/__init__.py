"""What was learned of all buyers together: fitted nightly, compared, kept in versions, promoted."""
