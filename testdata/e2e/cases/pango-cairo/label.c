/* label png|svg|pdf|fonts FONT TEXT: the picture's checksum, or the fonts used */
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <locale.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <time.h>

static cairo_status_t count(void *n, const unsigned char *d, unsigned int l) { *(long *)n += l; return CAIRO_STATUS_SUCCESS; }

int main(int argc, char **argv) {
    setlocale(LC_ALL, "");
    if (argc < 4) { fprintf(stderr, "usage: label FORMAT FONT TEXT\n"); return 64; }
    long n = 0; char date[60]; time_t epoch = 0;
    cairo_surface_t *s = !strcmp(argv[1], "pdf") ? cairo_pdf_surface_create_for_stream(count, &n, 300, 60)
        : !strcmp(argv[1], "svg") ? cairo_svg_surface_create_for_stream(count, &n, 300, 60) : cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 300, 60);
    cairo_t *c = cairo_create(s);
    PangoLayout *l = pango_cairo_create_layout(c);
    pango_layout_set_font_description(l, pango_font_description_from_string(argv[2]));
    pango_layout_set_width(l, 280 * PANGO_SCALE);
    pango_layout_set_text(l, argv[3], -1);
    pango_cairo_show_layout(c, l);
    PangoLayoutIter *i = pango_layout_get_iter(l);
    do {
        PangoLayoutRun *r = pango_layout_iter_get_run_readonly(i);
        if (r) printf("%s (%d glyphs)\n", pango_font_description_get_family(pango_font_describe(r->item->analysis.font)), r->glyphs->num_glyphs);
    } while (pango_layout_iter_next_run(i));
    cairo_destroy(c);
    if (cairo_surface_get_type(s) == CAIRO_SURFACE_TYPE_IMAGE) {
        GChecksum *k = g_checksum_new(G_CHECKSUM_SHA256);
        g_checksum_update(k, cairo_image_surface_get_data(s), 60 * cairo_image_surface_get_stride(s));
        printf("%.12s\n", g_checksum_get_string(k));
    }
    cairo_surface_finish(s);
    strftime(date, sizeof date, "%A %d %B %Y %H:%M %Z", localtime(&epoch));
    printf("%d %s %'d\n", n > 500, date, 1234567);
    return 0;
}
