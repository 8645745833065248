"""The mail server of the tests: aiosmtpd, as a process of its own.

    python -P tests/smtpd.py PORT FOLDER

On its own, since aiosmtpd needs a module named `public`, as one of ours is: it is started with
`-P`, from another folder. What it takes it keeps in FOLDER/mails, as a Maildir. FOLDER/does says
what it does with a mail ("take", "refuse", "break"), FOLDER/unknown whom it does not know,
FOLDER/holds after how many the next has to wait.
"""

import asyncio
import sys
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.handlers import Mailbox


class Keeper(Mailbox):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "mails")
        self.folder = folder
        self.taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        unknown = (self.folder / "unknown").read_text().split()
        if address in unknown:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope) -> str:
        does = (self.folder / "does").read_text()
        if does == "refuse":
            return "451 not now"
        if does == "break":
            server.transport.abort()
            return "451 nobody reads this"
        while self.taken >= int((self.folder / "holds").read_text()):
            await asyncio.sleep(0.02)
        self.taken += 1
        return await super().handle_DATA(server, session, envelope)


def main(port: int, folder: Path) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    controller = UnthreadedController(
        Keeper(folder), hostname="127.0.0.1", port=port, loop=loop, server_hostname="mail.test"
    )
    controller.begin()
    loop.run_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
