"""What came back from buyers and providers, through one entrance."""
