"""How many leads come from one part of the network. Kept in memory alone; an address is never written down."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
FLOOD = 10  # so many times the limit are taken into quarantine; what comes beyond is turned away
MOST_BLOCKS = 20_000


def block(address: str) -> str | None:
    """The part of the network that an address is of: a /24 of IPv4, a /48 of IPv6.

    None for addresses of this machine or a private network (a proxy that does not tell whom it speaks for), and what is none.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    if found.is_private or found.is_loopback or found.is_link_local:
        return None
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


class Limits:
    """Counts leads by block over the last hour. For all threads of a process."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, address: str, now: datetime) -> float:
        """Counts one more lead; says what share of the limit its block has used up, over 1 where it is more than the limit."""
        part = block(address)
        if part is None or not self._per_hour:
            return 0.0
        with self._lock:
            times = self._seen.setdefault(part, deque(maxlen=self._per_hour * FLOOD + 1))
            self._seen.move_to_end(part)
            while len(self._seen) > MOST_BLOCKS:
                self._seen.popitem(last=False)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            times.append(now)
            return len(times) / self._per_hour
