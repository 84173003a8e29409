"""Twilio's calls, WhatsApp and SMS as channels of ours."""
