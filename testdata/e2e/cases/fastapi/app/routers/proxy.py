import httpx
from fastapi import APIRouter

router = APIRouter()


@router.get('')
async def proxy():
    async with httpx.AsyncClient() as client:
        try:
            await client.get('https://127.0.0.1:9/')
        except httpx.HTTPError as e:
            return {'error': type(e).__name__}
