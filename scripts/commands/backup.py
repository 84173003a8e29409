"""`flask backup`: everything in one file."""

from pathlib import Path

import click

from models.schema import schema_version
from models.unit_of_work import unit_of_work
from scripts.bundling import BundleError, back_up
from scripts.opening import answer, json_option, opened


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def command(file: Path, as_json: bool) -> None:
    """Write the whole database and the secret key to the new FILE. Takeed may go on running.

    Keep the file as you keep the database: it holds buyers' phones and the key of every stored secret.
    """
    with opened() as house:
        now = house.now()
        with unit_of_work(house.engine) as session:
            schema = schema_version(session) or ""
        try:
            size = back_up(house.url, house.settings.secret_key, schema, file, now=now)
        except BundleError as error:
            raise click.ClickException(str(error)) from error
    found = {"file": str(file), "bytes": size, "schema": schema, "made_at": now.isoformat()}
    answer(found, f"{file}: {size:,} bytes", as_json=as_json)
