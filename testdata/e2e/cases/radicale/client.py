# CalDAV and CardDAV as clients speak them; times, tags and sync tokens are left out.
import base64
import http.client
import re
import sys


def ask(method, path, body=None, user="ann:secret", **headers):
    c = http.client.HTTPConnection("127.0.0.1", 5232, timeout=60)
    h = {k.replace("_", "-"): v for k, v in headers.items()}
    if user:
        h["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
    c.request(method, path, body.encode() if body else None, h)
    r = c.getresponse()
    text = r.read().decode()
    text = re.sub(r"<(getetag|getlastmodified|sync-token|CS:getctag)>[^<]*<", r"<\1>-<", text)
    text = re.sub(r"DTSTAMP:\S+|LAST-MODIFIED:\S+|REV:\S+|PRODID:.*|VERSION:.*\r\n", "", text)
    parts = re.split(r"(?=<response>)|(?=</multistatus>)", text)
    text = "".join(sorted(parts, key=lambda part: (1, part) if part.startswith("<response>") else (2, "") if part.startswith("</m") else (0, "")))
    print("-", method, path, r.status, r.getheader("content-type"), r.getheader("x-served-by"), r.getheader("www-authenticate"), r.getheader("location"))
    if text and len(text) < 6000:
        print(text.replace("\r", "").strip())
    elif text:
        print(len(text) > 6000)
    return r


EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20240101T000000Z
DTSTART;TZID=Europe/Berlin:{start}
DURATION:PT1H
SUMMARY:{summary}
{more}END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}\r\nFN:{1}\r\nN:{1};;;;\r\nEMAIL;TYPE=HOME:{0}@example.org\r\nEND:VCARD\r\n"
QUERY = """<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{}</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"""


def first():
    ask("GET", "/", user=None)
    ask("GET", "/.web/", user=None)
    for name in ("fn.js", "css/main.css", "css/logo.svg", "css/icon.png", "none.js"):
        c = http.client.HTTPConnection("127.0.0.1", 5232, timeout=60)
        c.request("GET", "/.web/" + name)
        r = c.getresponse()
        print(name, r.status, r.getheader("content-type"), len(r.read()) > 100)
    ask("OPTIONS", "/")
    print(sorted((ask("OPTIONS", "/ann/").getheader("dav") or "").split(", ")))
    ask("PROPFIND", "/", user=None)
    ask("PROPFIND", "/", user="ann:wrong")
    ask("PROPFIND", "/", "<propfind xmlns='DAV:'><prop><current-user-principal/><resourcetype/></prop></propfind>", Depth="0")
    ask("PROPFIND", "/.well-known/caldav")
    ask("MKCALENDAR", "/ann/work/", """<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><d:displayname>Work ü</d:displayname>
<c:supported-calendar-component-set><c:comp name="VEVENT"/><c:comp name="VTODO"/></c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>""")
    ask("MKCALENDAR", "/ann/work/")
    ask("MKCOL", "/ann/people/", """<mkcol xmlns="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype><collection/><card:addressbook/></resourcetype>
<displayname>People</displayname></prop></set></mkcol>""")
    ask("MKCALENDAR", "/bob/x/")
    ask("PUT", "/ann/work/a.ics", EVENT.format(uid="a", start="20240701T090000", summary="Stand-up", more="RRULE:FREQ=WEEKLY;COUNT=4\r\n"), Content_Type="text/calendar")
    ask("PUT", "/ann/work/b.ics", EVENT.format(uid="b", start="20241225T090000", summary="Fürs Fest", more="CATEGORIES:X\r\n"), Content_Type="text/calendar")
    ask("PUT", "/ann/work/a2.ics", EVENT.format(uid="a", start="20240701T090000", summary="Twin", more=""))
    ask("PUT", "/ann/work/bad.ics", "nonsense")
    ask("PUT", "/ann/work/c.ics", EVENT.format(uid="c", start="20240701T090000", summary="x", more=""), If_Match='"none"')
    ask("PUT", "/ann/work/big.ics", EVENT.format(uid="big", start="20240701T090000", summary="x" * 30000, more=""))
    ask("PUT", "/bob/x/a.ics", EVENT.format(uid="z", start="20240701T090000", summary="x", more=""))
    ask("GET", "/ann/work/a.ics")
    ask("GET", "/ann/work/none.ics")
    ask("REPORT", "/ann/work/", QUERY.format('<c:time-range start="20240720T000000Z" end="20240730T000000Z"/>'), Depth="1")
    ask("REPORT", "/ann/work/", QUERY.format('<c:prop-filter name="SUMMARY"><c:text-match>fest</c:text-match></c:prop-filter>'), Depth="1")
    ask("REPORT", "/ann/work/", QUERY.format('<c:prop-filter name="CATEGORIES"><c:is-not-defined/></c:prop-filter>'), Depth="1")
    ask("REPORT", "/ann/work/", '<c:calendar-multiget xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getcontenttype/></prop><href>/ann/work/b.ics</href><href>/ann/work/none.ics</href></c:calendar-multiget>')
    ask("PROPFIND", "/ann/work/", "<propfind xmlns='DAV:'><prop><displayname/><resourcetype/><getcontenttype/><owner/><current-user-privilege-set/></prop></propfind>", Depth="0")
    ask("PROPPATCH", "/ann/work/", '<propertyupdate xmlns="DAV:" xmlns:i="http://apple.com/ns/ical/"><set><prop><i:calendar-color>#ff0000</i:calendar-color></prop></set></propertyupdate>')
    ask("PUT", "/ann/people/eve.vcf", CARD.format("eve", "Eve Müller"), Content_Type="text/vcard")
    ask("PUT", "/ann/people/dan.vcf", CARD.format("dan", "Dan"), Content_Type="text/vcard")
    ask("REPORT", "/ann/people/", '<r:addressbook-query xmlns="DAV:" xmlns:r="urn:ietf:params:xml:ns:carddav"><prop><r:address-data/></prop><r:filter><r:prop-filter name="FN"><r:text-match>mül</r:text-match></r:prop-filter></r:filter></r:addressbook-query>')
    ask("REPORT", "/ann/people/", '<sync-collection xmlns="DAV:"><sync-token/><prop><getcontenttype/></prop></sync-collection>')
    ask("GET", "/ann/people/eve.vcf")
    ask("PUT", "/ann/public/", EVENT.format(uid="pub", start="20240801T120000", summary="Open day", more=""), Content_Type="text/calendar")
    ask("GET", "/ann/public/", user=None)
    ask("GET", "/ann/work/", user=None)
    ask("GET", "/ann/public/", user="bob:pass word")
    ask("DELETE", "/ann/public/", user="bob:pass word")
    ask("MOVE", "/ann/work/b.ics", Destination="http://127.0.0.1:5232/ann/work/moved.ics", Host="127.0.0.1:5232")
    ask("MOVE", "/ann/work/moved.ics", Destination="http://elsewhere/ann/work/b.ics")
    ask("DELETE", "/ann/people/dan.vcf")
    ask("DELETE", "/ann/people/dan.vcf")
    ask("PROPFIND", "/ann/", "<broken")
    ask("REPORT", "/ann/", "<nonsense/>")
    ask("POST", "/ann/")


def second():
    ask("PROPFIND", "/ann/people/", Depth="1")
    ask("GET", "/ann/work/moved.ics")


first() if sys.argv[1] == "first" else second()
