"""The accounts of a node: who may sign in, and invitations for more."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect

from coordination.access import Role
from coordination.web.pages import page
from coordination.web.sign_in import AccountsHere, Written
from coordination.web.threads import in_a_thread
from coordination.web.visit import Visit, Visiting


@get("/{language:str}/accounts")
@in_a_thread
def accounts(visit: Visiting, accounts: AccountsHere) -> Response[bytes]:
    return _shown(visit, accounts)


@post("/{language:str}/accounts", status_code=200)
@in_a_thread
def invite(
    request: Request[Any, Any, Any], visit: Visiting, accounts: AccountsHere, data: Written
) -> Response[bytes]:
    """The link is shown this once: it is kept nowhere."""
    agency, role = data.get("agency", ""), data.get("role", "")
    if agency not in visit.service.settings.speaks_for or role not in list(Role):
        return _shown(visit, accounts, wrong=True)
    token = accounts.invite(agency, Role(role))
    link = f"{str(request.base_url).rstrip('/')}{visit.to('invitation', token)}"
    return _shown(visit, accounts, link=link)


@post("/{language:str}/accounts/{account:str}/remove")
@in_a_thread
def remove(visit: Visiting, accounts: AccountsHere, account: FromPath[str]) -> Response[Any]:
    """Nobody shuts the door on themselves: of the administrators, one stays."""
    known = {str(one.account): one for one in accounts.all()}
    if account not in known:
        raise NotFoundException
    if known[account] == visit.person:
        raise PermissionDeniedException
    accounts.remove(known[account].account)
    return Redirect(visit.to("accounts"), status_code=303)


def _shown(
    visit: Visit, accounts: AccountsHere, link: str | None = None, wrong: bool = False
) -> Response[bytes]:
    return page(
        visit,
        "accounts.html",
        422 if wrong else 200,
        accounts=accounts.all(),
        agencies=visit.service.settings.speaks_for,
        roles=list(Role),
        link=link,
        wrong=wrong,
    )


PAGES = (accounts, invite, remove)
