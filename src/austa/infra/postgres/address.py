"""Where a PostgreSQL server answers, in every form that a client of it wants."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class PostgresAddress:
    """How to reach one database. `host` is the folder of the Unix socket.

    For another role or database use `dataclasses.replace`.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    @property
    def dsn(self) -> str:
        """`postgresql://…`, for asyncpg and for libpq's own programs. Holds the password: never log it."""
        return self._url("postgresql")

    @property
    def sqlalchemy_url(self) -> str:
        """`postgresql+asyncpg://…`. Holds the password: never log it."""
        return self._url("postgresql+asyncpg")

    @property
    def environment(self) -> dict[str, str]:
        """libpq's variables, for `psql`, `pg_dump` and `pg_basebackup`: no password on a command line."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.database,
        }

    def _url(self, scheme: str) -> str:
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        place = urlencode({"host": self.host, "port": self.port}, safe="/")
        return f"{scheme}://{login}@/{quote(self.database, safe='')}?{place}"
