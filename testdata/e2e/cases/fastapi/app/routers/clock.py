from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException

router = APIRouter()


@router.get('/{region}/{city}')
def clock(region: str, city: str):
    try:
        return datetime.fromtimestamp(0, timezone.utc).astimezone(ZoneInfo(f'{region}/{city}'))
    except Exception as e:
        raise HTTPException(404, str(e))
