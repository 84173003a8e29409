"""The files that pages load, each at an address that tells its content, so that browsers may keep it."""

import hashlib
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.security import safe_join

_KEPT = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Serve `web/static` and give templates `asset("desk.css")`, the address of one of its files."""
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = serve


def asset(name: str) -> str:
    """The address of a static file, another one when its content changes; FileNotFoundError without one."""
    return f"{current_app.static_url_path}/{name}?v={_mark(_folder() / name)}"


def serve(filename: str) -> Response:
    """A static file, as its packed twin (`.gz` beside it) where there is one and the browser reads it."""
    packed = safe_join(str(_folder()), f"{filename}.gz")
    has_twin = packed is not None and Path(packed).is_file()
    if has_twin and request.accept_encodings["gzip"] > 0:
        answer = send_from_directory(_folder(), f"{filename}.gz", mimetype=guess_type(filename)[0])
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer = send_from_directory(_folder(), filename)
    if has_twin:
        answer.vary.add("Accept-Encoding")
    if request.args.get("v") == _mark(_folder() / filename):
        answer.headers["Cache-Control"] = _KEPT
    return answer


def _folder() -> Path:
    return Path(str(current_app.static_folder))


def _mark(file: Path) -> str:
    return _mark_at(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _mark_at(file: Path, _mtime: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
