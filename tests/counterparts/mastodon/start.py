"""A Mastodon-compatible server with lasting data, for tests: python start.py

    MASTODON_PORT   port on 127.0.0.1 (required)
    DATA_DIR        folder of the database; made when missing (required)
    STOP_WITH_STDIN=1   ends when standard input closes, so a killed test leaves nothing behind

Prints one line `READY {"mastodon":"http://127.0.0.1:..."}` once it answers. Two people live here: `ada` (token `ada_token`)
and `ben` (`ben_token`). A second start on the same folder finds their statuses, media and registered apps.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import uvicorn
from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig


def required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set")
    return value


class AnnouncingServer(uvicorn.Server):
    """Says READY only after the socket listens: what reads the line may connect at once."""

    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        if self.started:
            print("READY " + json.dumps({"mastodon": f"http://127.0.0.1:{self.config.port}"}), flush=True)


def end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    port = int(required("MASTODON_PORT"))
    directory = Path(required("DATA_DIR")).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    config = MastodonMockConfig(
        domain=f"127.0.0.1:{port}",
        url_scheme="http",
        database=DatabaseConfig(path=str(directory / "mastodon.sqlite3")),
        seed=SeedConfig(
            accounts=[
                SeedAccount(username="ada", display_name="Ada", access_token="ada_token"),
                SeedAccount(username="ben", display_name="Ben", access_token="ben_token"),
            ]
        ),
    )
    if os.environ.get("STOP_WITH_STDIN") == "1":
        threading.Thread(target=end_with_stdin, daemon=True).start()
    server = AnnouncingServer(
        uvicorn.Config(create_app(config), host="127.0.0.1", port=port, log_level="warning", server_header=False)
    )
    server.run()


if __name__ == "__main__":
    main()
