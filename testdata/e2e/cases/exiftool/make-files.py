# Small files of many kinds in the folder of the first argument, the same bytes each time.
import gzip
import io
import os
import struct
import sys
import tarfile
import zipfile
import zlib

os.chdir(sys.argv[1])


def put(name, data):
    with open(name, "wb") as f:
        f.write(data.encode() if isinstance(data, str) else data)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zipped(name, entries):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as z:
        for path, text in entries.items():
            z.writestr(zipfile.ZipInfo(path, (2024, 1, 2, 3, 4, 6)), text)


def box(kind, data):
    return struct.pack(">I", 8 + len(data)) + kind + data


put("a.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)) + chunk(b"tEXt", b"Author\0Ann") + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"zipped comment", 9))
    + chunk(b"iTXt", "Title\0\0\0de\0Titel\0Grün".encode()) + chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1)) + chunk(b"IDAT", zlib.compress((b"\0" + b"\xff\0\0" * 3) * 2, 9)) + chunk(b"IEND", b""))
put("a.gif", b"GIF89a\2\0\2\0\x80\0\0\xff\0\0\0\0\xff!\xfe\x05hello\0,\0\0\0\0\2\0\2\0\0\2\2\x44\1\0;")
put("a.bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 70, 0, 0, 54, 40, 2, 2, 1, 24, 0, 16, 2835, 2835, 0, 0) + b"\0" * 16)
put("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\1\0H\0H\0\0\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0\xff\xc4\0\x14\0\1" + b"\0" * 15 + b"\0\xff\xc4\0\x14\x10\1" + b"\0" * 15 + b"\0\xff\xda\0\x08\1\1\0\0?\0\x3f\xff\xd9")
strip = b"\0" * 4
ifd = [(256, 3, 1, 2), (257, 3, 1, 2), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 3, 1, 2), (279, 4, 1, 4)]
put("a.tif", b"II*\0" + struct.pack("<I", 12) + strip + struct.pack("<H", len(ifd)) + b"".join(struct.pack("<HHII", *e) for e in ifd) + b"\0" * 4)
put("a.svg", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><title>Tea</title><desc>A cup</desc></svg>')
put("a.webp", b"RIFF" + struct.pack("<I", 26) + b"WEBPVP8L" + struct.pack("<I", 13) + b"\x2f\x01\x40\0\0\x10\x07\x10\x11\x11\x88\x88\xfe" + b"\0")
put("a.ico", struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 24, 40, 22) + struct.pack("<IiiHHIIiiII", 40, 16, 32, 1, 24, 0, 0, 0, 0, 0, 0))
put("a.psd", b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 2, 3, 8, 3) + b"\0" * 12 + b"\0\0" + b"\0" * 18)
put("a.ppm", b"P6\n# a comment\n2 2\n255\n" + b"\0" * 12)
objects = ["<</Type/Catalog/Pages 2 0 R/Lang(de)>>", "<</Type/Pages/Kids[]/Count 0>>", "<</Title(Tea)/Author(Ann)/CreationDate(D:20240102030405Z)>>"]
pdf, xref = "%PDF-1.4\n", "0000000000 65535 f \n"
for n, body in enumerate(objects, 1):
    xref += f"{len(pdf):010} 00000 n \n"
    pdf += f"{n} 0 obj{body}endobj\n"
put("a.pdf", f"{pdf}xref\n0 4\n{xref}trailer<</Size 4/Root 1 0 R/Info 3 0 R>>\nstartxref\n{len(pdf)}\n%%EOF\n")
put("a.eps", "%!PS-Adobe-3.0 EPSF-3.0\n%%Title: Tea\n%%Creator: Ann\n%%BoundingBox: 0 0 10 20\n%%EndComments\nshowpage\n%%EOF\n")
put("a.html", '<html><head><title>Tea &amp; cups</title><meta name="keywords" content="a, b"><meta http-equiv="Content-Language" content="de"></head><body></body></html>')
put("a.rtf", r"{\rtf1\ansi{\info{\title Tea}{\author Ann}{\nofpages3}}text}")
put("a.txt", "grün\r\nzwei\r\n")
put("a.json", '{"tea": {"price": 3.5, "kinds": ["a", "b"]}}')
put("a.plist", '<?xml version="1.0"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x"><plist version="1.0"><dict><key>Tea</key><integer>3</integer></dict></plist>')
put("a.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEMAIL;TYPE=HOME:a@example.org\r\nEND:VCARD\r\n")
put("a.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Tea\r\nDTSTART:20240102T030405Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
put("a.wav", b"RIFF" + struct.pack("<I", 74) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 44100, 176400, 4, 16) + b"LIST" + struct.pack("<I", 16) + b"INFOIART" + struct.pack("<I", 4) + b"Ann\0" + b"data" + struct.pack("<I", 14) + b"\0" * 14)
tag = b"".join(k + struct.pack(">IH", len(v) + 1, 0) + b"\3" + v for k, v in ((b"TIT2", b"Tea song"), (b"TPE1", "Änn".encode()), (b"TYER", b"2024")))
put("a.mp3", b"ID3\3\0\0" + bytes([0, 0, len(tag) >> 7, len(tag) & 127]) + tag + (b"\xff\xfb\x90\x64" + b"\0" * 413) * 3)
put("a.flac", b"fLaC\0\0\0\x22" + struct.pack(">HH", 4096, 4096) + b"\0" * 6 + struct.pack(">Q", (44100 << 44) | (1 << 41) | (15 << 36) | 44100) + b"\0" * 16 + b"\x84" + struct.pack(">I", 25)[1:] + struct.pack("<I3sII", 3, b"ref", 1, 6) + b"A=Tea " + b"\0" * 4)
mvhd = struct.pack(">IIIIII", 0, 3786912000, 3786912000, 1000, 2500, 0x10000) + struct.pack(">H", 0x100) + b"\0" * 10 + struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000) + b"\0" * 24 + struct.pack(">I", 2)
put("a.mp4", box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + box(b"moov", box(b"mvhd", mvhd) + box(b"udta", box(b"\xa9nam", struct.pack(">HH", 3, 0x55C4) + b"Tea"))) + box(b"mdat", b"\0" * 8))
put("a.mkv", b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x18\x53\x80\x67\x92\x15\x49\xa9\x66\x8d\x7b\xa9\x83Tea\x4d\x80\x84test"[:45])
put("a.avi", b"RIFF" + struct.pack("<I", 4 + 12 + 64) + b"AVI LIST" + struct.pack("<I", 68) + b"hdrlavih" + struct.pack("<I14I", 56, 40000, 0, 0, 0, 25, 0, 1, 0, 320, 240, 0, 0, 0, 0))
put("a.class", b"\xca\xfe\xba\xbe\0\0\0\x34")
put("a.elf", b"\x7fELF\2\1\1" + b"\0" * 9 + struct.pack("<HHI", 3, 62, 1) + b"\0" * 40)
put("a.exe", b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 0, 0, 0, 0, 0, 0x22))
put("a.icc", (b"\0\0\0\x84" + b"test" + b"\2\x10\0\0mntrRGB XYZ " + struct.pack(">6H", 2024, 1, 2, 3, 4, 5) + b"acspAPPL").ljust(128, b"\0") + b"\0\0\0\0")
put("a.xmp", '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li>two</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>')
put("a.torrent", "d8:announce14:http://x/y/z/a4:infod6:lengthi5e4:name3:tea12:piece lengthi16384eee")
put("a.swf", b"FWS\6" + struct.pack("<I", 21) + b"\x30\x0a\0\xa0\0\1\1\0\0\0\0\0\0")
put("a.ttf", b"\0\1\0\0\0\1\0\x10\0\0\0\0name\0\0\0\0\0\0\0\x1c\0\0\0\x18" + struct.pack(">HHHHHHHHH", 0, 1, 18, 1, 0, 0, 1, 6, 0) + b"TeaFnt")
zipped("a.zip", {"one.txt": "1", "dir/two.txt": "22"})
zipped("a.docx", {"[Content_Types].xml": '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
                  "docProps/core.xml": '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Tea</dc:title><dc:creator>Ann</dc:creator></cp:coreProperties>', "word/document.xml": "<w/>"})
zipped("a.odt", {"mimetype": "application/vnd.oasis.opendocument.text", "meta.xml": '<office:document-meta xmlns:office="o" xmlns:dc="d"><office:meta><dc:title>Tea</dc:title></office:meta></office:document-meta>'})
zipped("a.epub", {"mimetype": "application/epub+zip", "x.opf": "<package/>"})
put("a.gz", gzip.compress(b"hello", mtime=1700000000))
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as t:
    info = tarfile.TarInfo("x")
    info.size = 1
    t.addfile(info, io.BytesIO(b"x"))
put("a.tar", buffer.getvalue())
put("broken.jpg", b"\xff\xd8\xff\xe1\0\x20Exif\0\0II*\0\xff\xff")
put("empty.png", b"")
put("track.gpx", '<gpx><trk><trkseg><trkpt lat="52.5" lon="13.4"><ele>30</ele><time>2024-01-02T03:04:05Z</time></trkpt><trkpt lat="52.6" lon="13.5"><ele>40</ele><time>2024-01-02T03:14:05Z</time></trkpt></trkseg></trk></gpx>')
for name in os.listdir("."):
    os.utime(name, (1704164645, 1704164645))
