"""Why an account cannot be made or changed as asked."""


class AccountRefused(Exception):
    """`code`: `name_empty`, `name_taken`, `unknown_country`, `unknown_time_zone`, `email_malformed`,
    `email_taken`, `password_too_short`, `password_too_long`, `seller_missing`, `seller_not_for_role`,
    `user_missing`, `phone_unreadable`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
