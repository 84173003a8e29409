"""`flask restore`: a backup in place of what is there."""

from pathlib import Path

import click

from scripts.bundling import (
    Bundle,
    BundleError,
    holds_data,
    is_known,
    keep_key,
    kept_key,
    others_connected,
    restore,
    unpacked,
)
from scripts.migrating import migrate
from scripts.opening import Opened, answer, json_option, opened


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Replace a database that holds sellers or users.")
@json_option
def command(file: Path, yes: bool, as_json: bool) -> None:
    """Put the backup FILE in place of the database and the secret key. Stop Takeed first.

    All in one transaction: whatever goes wrong, the database is as it was.
    """
    try:
        with opened() as house, unpacked(file) as bundle:
            house.engine.dispose()
            _check(house, bundle, yes=yes)
            restore(bundle, house.url)
            if house.settings.secret_key != bundle.secret_key:
                keep_key(house.settings.data, bundle.secret_key)
            migrate(house.url)
            found = {"file": str(file), "made_at": bundle.made_at, "schema": bundle.schema}
    except BundleError as error:
        raise click.ClickException(str(error)) from error
    answer(found, f"Restored the backup of {found['made_at']}.", as_json=as_json)


def _check(house: Opened, bundle: Bundle, *, yes: bool) -> None:
    if not is_known(bundle.schema):
        raise BundleError("the backup was made by a newer release than this one")
    if house.settings.secret_key not in (bundle.secret_key, kept_key(house.settings.data)):
        raise BundleError(
            "TAKEED_SECRET_KEY is not the backup's: set it to the text of secret_key in the backup (a tar)"
        )
    if holds_data(house.url) and not yes:
        raise BundleError("the database holds sellers or users: --yes replaces all of it")
    if others := others_connected(house.url):
        raise BundleError(f"the database is in use by {others} other connections: stop Takeed first")
