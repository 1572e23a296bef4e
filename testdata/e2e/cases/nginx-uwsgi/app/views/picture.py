import hashlib
import io

from flask import Blueprint, request, send_file
from PIL import Image, ImageDraw, ImageFilter, ImageFont

page = Blueprint("picture", __name__)


@page.route("/<text>.<kind>")
def draw(text, kind):
    image = Image.new("RGB", (120, 40), "white")
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 20)
    ImageDraw.Draw(image).text((4, 4), text, "navy", font)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(out, kind)
    out.seek(0)
    return send_file(out, f"image/{kind}")


@page.route("/size", methods=["POST"])
def size():
    image = Image.open(request.files["f"].stream)
    return {"size": image.size, "format": image.format, "pixels": hashlib.sha256(image.convert("L").resize((8, 8)).tobytes()).hexdigest()[:16]}
