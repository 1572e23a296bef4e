from datetime import datetime
from zoneinfo import ZoneInfo


async def handle(request):
    zone = ZoneInfo(request.query.get('zone', 'UTC'))
    return {'offset': str(datetime(2024, 7, 1, tzinfo=zone).utcoffset())}
