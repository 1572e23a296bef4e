import base64
import io

from celery import shared_task


@shared_task
def thumbnail(width, kind):
    from PIL import Image, ImageDraw, ImageFilter

    image = Image.new('RGB', (80, 40), 'navy')
    ImageDraw.Draw(image).ellipse((10, 5, 60, 35), fill='gold')
    image = image.filter(ImageFilter.BLUR).resize((width, width // 2))
    out = io.BytesIO()
    image.save(out, kind)
    again = Image.open(io.BytesIO(out.getvalue()))
    return [again.format, again.size, base64.b64encode(out.getvalue())[:12].decode()]


@shared_task
def fetch(url):
    import requests

    return requests.get(url, timeout=3).status_code
