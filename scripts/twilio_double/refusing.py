"""What Twilio's API says when it says no."""

from typing import Any

_HTTP = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503, 21219: 401}

_WORDS = {
    20001: "Invalid parameter",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too many requests",
    20500: "An internal server error has occurred",
    20503: "Service unavailable",
    21211: "The 'To' number is not a valid phone number",
    21212: "The 'From' number is not a valid phone number",
    21214: "'To' phone number cannot be reached",
    21215: "Account not authorized to call this number: check the geographic permissions",
    21216: "Call blocked by the blocklist",
    21220: "Call is not in a state in which it can be changed so",
    21604: "The 'To' phone number is required",
    21606: "The 'From' number is not able to send to this 'To' number",
    21610: "Attempt to send to an unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' number is not reachable from this 'From' number",
    21614: "The 'To' number is not a mobile number",
    21619: "A text message body, media or content must be given",
    21635: "The 'To' number cannot be a landline",
    21656: "The content variables are invalid",
    21657: "The sender ID is not allowed for this 'To' number",
    21660: "The 'From' number does not belong to the account",
    63003: "Channel could not find the 'To' address",
    63007: "Channel could not find the 'From' address",
    63018: "Rate limit exceeded for the channel",
}


class ApiRefusal(Exception):
    """An answer in the shape of Twilio's errors: HTTP status, code, message."""

    def __init__(self, code: int, detail: str = "", http: int | None = None) -> None:
        words = _WORDS.get(code, "The request was refused")
        self.http = http or _HTTP.get(code, 400)
        self.code = code
        self.message = f"{words}: {detail}" if detail else words
        super().__init__(self.message)

    @property
    def body(self) -> dict[str, Any]:
        """What stands in the answer."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.http,
        }
