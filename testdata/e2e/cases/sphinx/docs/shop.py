"""Sells tea."""
import enum


class Kind(enum.Enum):
    """What there is."""

    TEA = 1
    CUP = 2


class Order:
    """One order.

    Args:
        what (str): the thing.
        n: how many.

    Attributes:
        n (int): how many

    >>> Order("tea", 2).total()
    7.0
    """

    def __init__(self, what: str, n: int = 1):
        self.what, self.n = what, n

    def total(self) -> float:
        """The price.

        Returns:
            float: the sum

        Raises:
            KeyError: when there is no such thing
        """
        return {"tea": 3.5, "cup": 12.0}[self.what] * self.n


class Gift(Order):
    """An order in paper."""


def brew(minutes: "int | None" = 3, *, hot: bool = True) -> "list[Kind]":
    """Brews.

    Parameters
    ----------
    minutes : int
        how long
    """
    return []
