"""The few instructions between fork and exec of a child: drop the uid, tie its life to its parent's, exec.

Run by path with `python -I -S`, standard library only, so that it starts in milliseconds, works when the
child's uid cannot read our source, and needs no `preexec_fn` (unsafe in a process with threads).

Arguments: pid of the parent, signal number at the parent's death, "uid:gid" or "-", then the command.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, death_signal, account, *command = arguments
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None
    if account != "-":
        uid, gid = (int(part) for part in account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # A change of uid clears the parent-death signal, so it is asked for afterwards.
    if prctl is not None and prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):
        sys.exit(f"parent {parent} is gone; not starting {command[0]}")
    # Python ignores these; a child must get the system's defaults back.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(f"cannot start {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
