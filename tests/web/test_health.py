import psycopg

from scripts.embedded import libpq_url


def test_a_ready_process_says_so(app):
    assert app.test_client().get("/healthz").status_code == 200
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_without_a_database_it_lives_but_is_not_ready(make_app):
    client = make_app(database_url="postgresql+psycopg://nobody@127.0.0.1:9/none").test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["reason"]) == (503, "database_unavailable")
    answer = client.get(
        "/api/v1/orders", headers={"Authorization": "Bearer tk_0123456789ab_0123456789abcdef"}
    )
    assert (answer.status_code, answer.json["code"]) == (503, "database_unavailable")
    assert answer.headers["Retry-After"]


def test_another_schema_is_not_ready(app, database_url):
    client = app.test_client()
    with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
        [before] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
        try:
            answer = client.get("/readyz")
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", [before])
    assert (answer.status_code, answer.json["reason"]) == (503, "database_not_migrated")
    assert client.get("/readyz").status_code == 200


def test_a_connection_cut_by_the_server_is_replaced(app, api, database_url):
    api.send()
    with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert api.get("/orders").status_code == 200
