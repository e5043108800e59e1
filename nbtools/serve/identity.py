"""Who a visitor is to a dashboard that serves one person on one machine."""

from __future__ import annotations

from jupyter_server.auth.identity import PasswordIdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, RequestHandler

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class LocalIdentity(PasswordIdentityProvider):
    """Lets in whoever is on this machine, and lets a closed page end its kernel.

    A page that is left asks the server to end its kernel. That request needs the
    ``_xsrf`` cookie, which Voilà sets on every page but those with a notebook; without
    it each closed tab would leave a Python process behind.
    """

    async def get_user(self, handler: RequestHandler) -> User | None:
        """Return the visitor.

        Raises
        ------
        tornado.web.HTTPError
            403 if the address does not name this machine: a page of another site can
            have its own name resolved to 127.0.0.1 and would then read what is here.
        """
        _refuse_foreign_names(handler)
        user = await self._get_user(handler)
        if user is not None and isinstance(handler, JupyterHandler) and not self._is_websocket(handler):
            handler.current_user = user
            _ = handler.xsrf_token  # reading it sets the cookie
        return user

    @staticmethod
    def _is_websocket(handler: RequestHandler) -> bool:
        return handler.request.headers.get("Upgrade", "").lower() == "websocket"


def _refuse_foreign_names(handler: RequestHandler) -> None:
    name = handler.request.host.rpartition(":")[0] if ":" in handler.request.host else handler.request.host
    if name.lower() not in _OWN_NAMES:
        handler.current_user = None  # the page that says no asks for it
        raise HTTPError(403, "this dashboard answers only to names of this machine: open it as 127.0.0.1")
