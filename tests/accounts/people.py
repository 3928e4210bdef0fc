"""Making accounts that have no username."""

from django.contrib.auth.models import UserManager


class AccountManager(UserManager):
    def create_user(self, email: str, password: str | None = None) -> object:
        account = self.model(email=self.normalize_email(email))
        account.set_password(password)
        account.save(using=self._db)
        return account
