"""Pages of lists over HTTP: how many, from where, and the address of the next one."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from workflows.views.paging import Page

T = TypeVar("T")

Cursor = Annotated[
    str | None,
    Query(max_length=300, description="Con trỏ: next_cursor của trang trước; bỏ trống để xem từ đầu"),
]
Size = Annotated[int, Query(ge=1, le=200, description="Số dòng mỗi trang")]


class PageRead(BaseModel, Generic[T]):
    """A page of a list. Lines added meanwhile never shift the pages that follow."""

    items: list[T]
    next_cursor: str | None = Field(description="Con trỏ của trang sau; không có khi đã hết")


class ListRead(BaseModel, Generic[T]):
    """A list that is always whole."""

    items: list[T]


def paged(request: Request, response: Response, page: Page[T]) -> PageRead[T]:
    """The page, and a ``Link`` header with the relative address of the next one."""
    if page.next_cursor is not None:
        query = request.url.include_query_params(cursor=page.next_cursor).query
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return PageRead(items=page.items, next_cursor=page.next_cursor)
