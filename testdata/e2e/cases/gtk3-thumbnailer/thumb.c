/* thumb SIZE FILE...: scales pictures; thumb formats; thumb icon NAME; thumb widget TEXT (needs a display) */
#include <gtk/gtk.h>
#include <stdlib.h>
#include <string.h>

static void report(const char *name, GdkPixbuf *p) {
    GChecksum *c = g_checksum_new(G_CHECKSUM_SHA256);
    for (int y = 0; y < gdk_pixbuf_get_height(p); y++)
        g_checksum_update(c, gdk_pixbuf_get_pixels(p) + y * gdk_pixbuf_get_rowstride(p), gdk_pixbuf_get_width(p) * gdk_pixbuf_get_n_channels(p));
    printf("%s %dx%d %.12s\n", name, gdk_pixbuf_get_width(p), gdk_pixbuf_get_height(p), g_checksum_get_string(c));
}

static int fail(GError *e) { fprintf(stderr, "thumb: %s\n", e->message); return 1; }

static int by_name(gconstpointer a, gconstpointer b) {
    return strcmp(gdk_pixbuf_format_get_name((void *)a), gdk_pixbuf_format_get_name((void *)b));
}

int main(int argc, char **argv) {
    GError *e = NULL; int bad = 0;
    if (argc > 1 && !strcmp(argv[1], "formats")) {
        for (GSList *l = g_slist_sort(gdk_pixbuf_get_formats(), by_name); l; l = l->next) puts(gdk_pixbuf_format_get_name(l->data));
        return 0;
    }
    if (argc > 2 && !strcmp(argv[1], "type")) {
        gchar *t = g_content_type_guess(argv[2], NULL, 0, NULL); puts(t); puts(g_content_type_get_description(t));
        return 0;
    }
    if (argc > 2 && (!strcmp(argv[1], "icon") || !strcmp(argv[1], "widget"))) {
        if (!gtk_init_check(&argc, &argv)) { fprintf(stderr, "thumb: no display\n"); return 3; }
        if (!strcmp(argv[1], "icon")) {
            GdkPixbuf *p = gtk_icon_theme_load_icon(gtk_icon_theme_get_default(), argv[2], 24, 0, &e);
            if (!p) return fail(e);
            report(argv[2], p);
        } else {
            GtkWidget *w = gtk_offscreen_window_new(), *b = gtk_button_new_with_label(argv[2]);
            gtk_container_add(GTK_CONTAINER(w), b); gtk_widget_set_size_request(b, 80, 30); gtk_widget_show_all(w);
            while (gtk_events_pending()) gtk_main_iteration();
            report("button", gtk_offscreen_window_get_pixbuf(GTK_OFFSCREEN_WINDOW(w)));
        }
        return 0;
    }
    for (int i = 2; i < argc; i++) {
        GdkPixbuf *p = gdk_pixbuf_new_from_file_at_size(argv[i], atoi(argv[1]), -1, &e);
        if (!p) { bad = fail(e); e = NULL; continue; }
        report(argv[i], p);
        for (const char *const *f = (const char *const[]){"png", "jpeg", "bmp", "tiff", "webp", NULL}; *f; f++) {
            gchar *data; gsize n;
            if (gdk_pixbuf_save_to_buffer(p, &data, &n, *f, &e, NULL)) printf("  %s %d\n", *f, n > 20);
            else { bad = fail(e); e = NULL; }
        }
    }
    return bad;
}
