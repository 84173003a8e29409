"""The doors through which Twilio reports and asks what to say."""
