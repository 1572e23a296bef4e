from datetime import date
from decimal import Decimal
from typing import Optional

from pydantic import BaseModel, Field


class Item(BaseModel):
    name: str = Field(min_length=2)
    price: Decimal
    made: Optional[date] = None
