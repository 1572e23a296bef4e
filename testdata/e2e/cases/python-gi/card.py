import hashlib
import sys

import gi


def text():
    gi.require_version('Pango', '1.0')
    gi.require_version('PangoCairo', '1.0')
    import cairo
    from gi.repository import Pango, PangoCairo
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 160, 40)
    context = cairo.Context(surface)
    layout = PangoCairo.create_layout(context)
    layout.set_font_description(Pango.FontDescription('DejaVu Sans Bold 14'))
    layout.set_markup('Größe <i>kursiv</i> → 世', -1)
    PangoCairo.show_layout(context, layout)
    print(layout.get_pixel_size().width, hashlib.sha256(bytes(surface.get_data())).hexdigest()[:16])
    print(sorted(f.get_name() for f in PangoCairo.FontMap.get_default().list_families()))


def picture():
    gi.require_version('GdkPixbuf', '2.0')
    gi.require_version('Rsvg', '2.0')
    from gi.repository import GdkPixbuf, Rsvg
    handle = Rsvg.Handle.new_from_file('card.svg')
    print(handle.get_intrinsic_size_in_pixels())
    pixels = handle.get_pixbuf()
    print(pixels.get_width(), pixels.scale_simple(3, 2, GdkPixbuf.InterpType.BILINEAR).get_pixels().hex())
    print(sorted(f.get_name() for f in GdkPixbuf.Pixbuf.get_formats()))


def files():
    from gi.repository import Gio, GLib
    loop = GLib.MainLoop()
    done = []

    def loaded(file, result):
        done.append(file.load_contents_finish(result)[1])
        loop.quit()

    Gio.File.new_for_path('card.svg').load_contents_async(None, loaded)
    loop.run()
    print(len(done[0]), GLib.DateTime.new_from_unix_utc(0).to_timezone(GLib.TimeZone.new('Asia/Tokyo')).format('%F %T %Z'))
    print(Gio.content_type_guess('a.svg', None)[0], GLib.markup_escape_text('<'))
    ok, out, err, status = GLib.spawn_command_line_sync('echo spawned')
    print(out)
    print(Gio.File.new_for_uri('http://127.0.0.1:9/').query_exists())


def web():
    gi.require_version('Soup', '3.0')
    from gi.repository import GLib, Soup
    try:
        Soup.Session().send_and_read(Soup.Message.new('GET', 'http://127.0.0.1:9/'))
    except GLib.Error as e:
        print(e.domain, e.message)


def absent():
    gi.require_version('Gtk', '4.0')


globals()[sys.argv[1]]()
