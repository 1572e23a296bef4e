import markdown
from dateutil import parser, rrule, tz
from flask import Blueprint, abort, current_app, request
from lxml import etree, html

page = Blueprint("text", __name__)


@page.route("/markdown", methods=["POST"])
def to_html():
    return markdown.markdown(request.get_data(as_text=True), extensions=["tables", "fenced_code", "toc", "footnotes"])


@page.route("/xslt", methods=["POST"])
def transform():
    sheet = etree.XSLT(etree.XML(b"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
        <xsl:template match="/"><ul><xsl:for-each select="//i"><li><xsl:value-of select="."/></li></xsl:for-each></ul></xsl:template>
        </xsl:stylesheet>"""))
    try:
        return str(sheet(etree.fromstring(request.get_data())))
    except etree.XMLSyntaxError as error:
        abort(400, str(error))


@page.route("/links", methods=["POST"])
def links():
    return {"links": [link[2] for link in html.fromstring(request.get_data(as_text=True)).iterlinks()]}


@page.route("/days")
def days():
    first = parser.parse(current_app.config["NOTES"]["since"].isoformat())
    return {"days": [str(day) for day in rrule.rrule(rrule.YEARLY, dtstart=first, count=3)], "utc": tz.UTC.tzname(first)}
