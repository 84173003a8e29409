"""A double of Twilio: a small HTTP server that takes messages and calls, plays a script, and calls back."""
