"""A mail server that keeps every mail as a file: start.py FOLDER USER PASSWORD.

Prints READY and its port, and ends with its standard input. Each mail is one file, as it came over the wire, behind a line
that names its recipient. A file ADDRESS.refuse makes it refuse mails to that address for the moment.
"""

import asyncio
import itertools
import os
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, user, password = sys.argv[1:]
numbers = itertools.count()


def may_sign_in(server, session, envelope, mechanism, data):
    right = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=right)


class Keep:
    async def handle_DATA(self, server, session, envelope):
        for to in envelope.rcpt_tos:
            if os.path.exists(os.path.join(folder, to + ".refuse")):
                return "451 4.7.1 Try again later"
        name = os.path.join(folder, "%06d" % next(numbers))
        with open(name, "wb") as file:
            for to in envelope.rcpt_tos:
                file.write(b"X-Rcpt-To: " + to.encode() + b"\r\n")
            file.write(envelope.original_content)
        os.rename(name, name + ".eml")
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    options = dict(auth_required=True, auth_require_tls=False, authenticator=may_sign_in, enable_SMTPUTF8=False)
    server = await loop.create_server(lambda: SMTP(Keep(), **options), "127.0.0.1", 0)
    print("READY", server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
