#include <QtWidgets>
#include <QtSql>
#include <QtSvg>
#include <QtNetwork>
#include <QtQml>
#include <QtPrintSupport>

static void report(const char *name, const QImage &image) {
    QImage i = image.convertToFormat(QImage::Format_RGB32);
    QByteArray d = QCryptographicHash::hash(QByteArray((const char *)i.constBits(), i.sizeInBytes()), QCryptographicHash::Sha256);
    printf("%s %dx%d %.12s\n", name, i.width(), i.height(), d.toHex().constData());
}

int main(int argc, char **argv) {
    QApplication app(argc, argv);
    QString what = app.arguments().value(1);
    QTextStream out(stdout);
    if (what == "widget") {
        QWidget w; QVBoxLayout l(&w);
        QPushButton b("Größe"); QCheckBox c("check"); QLineEdit e("text");
        l.addWidget(&b); l.addWidget(&c); l.addWidget(&e);
        w.setFont(QFont("DejaVu Sans", 10)); w.resize(160, 120); w.show(); app.processEvents();
        report("widget", w.grab().toImage());
        out << QGuiApplication::platformName() << " " << QStyleFactory::keys().join(",") << "\n";
    } else if (what == "picture") {
        report("svg", QImage("card.svg"));
        QStringList formats; for (auto f : QImageReader::supportedImageFormats()) formats << f;
        out << formats.join(",") << "\n";
        for (auto f : {"png", "jpg", "bmp", "webp", "tiff"}) { QByteArray a; QBuffer b(&a); b.open(QIODevice::WriteOnly); out << f << " " << QImage("card.svg").save(&b, f) << "\n"; }
        out << QIcon("card.svg").pixmap(8, 8).width() << "\n";
    } else if (what == "sql") {
        QSqlDatabase db = QSqlDatabase::addDatabase("QSQLITE"); db.setDatabaseName(":memory:");
        out << db.open() << " " << QSqlDatabase::drivers().join(",") << "\n";
        QSqlQuery q("select 6 * 7"); q.next(); out << q.value(0).toInt() << "\n";
    } else if (what == "net") {
        QNetworkAccessManager m; QEventLoop loop;
        auto r = m.get(QNetworkRequest(QUrl("https://127.0.0.1:9/"))); QObject::connect(r, &QNetworkReply::finished, &loop, &QEventLoop::quit); loop.exec();
        out << r->errorString() << " ssl=" << QSslSocket::supportsSsl() << " certs=" << (QSslConfiguration::systemCaCertificates().size() > 0) << "\n";
    } else if (what == "script") {
        QJSEngine e; out << e.evaluate("[1,2,3].map(x => x * x).join()").toString() << "\n";
        QQmlEngine q; QQmlComponent c(&q); c.setData("import QtQml 2.0\nQtObject { property int n: 6 * 7 }", QUrl());
        QObject *o = c.create(); out << (o ? o->property("n").toInt() : -1) << " " << c.errorString() << "\n";
        QQmlComponent c2(&q); c2.setData("import QtQuick 2.0\nItem { width: 5 }", QUrl()); o = c2.create(); out << (o ? o->property("width").toInt() : -1) << "\n";
    } else if (what == "text") {
        out << QLocale("de_DE").toString(1234.5) << " " << QDateTime::fromSecsSinceEpoch(0, QTimeZone("Asia/Tokyo")).toString(Qt::ISODate) << " "
            << QString("é").normalized(QString::NormalizationForm_D).size() << " " << QTextCodec::codecForName("Shift_JIS")->fromUnicode("日").toHex() << " "
            << QMimeDatabase().mimeTypeForFile("a.svg").name() << " " << QFontDatabase().families().join(",") << "\n";
    } else if (what == "pdf") {
        QPrinter p; p.setOutputFormat(QPrinter::PdfFormat); p.setOutputFileName("/tmp/x.pdf");
        QTextDocument d; d.setHtml("<h1>Größe</h1><p>text</p>"); d.print(&p);
        QFile f("/tmp/x.pdf"); f.open(QIODevice::ReadOnly); out << f.read(5) << " " << (f.size() > 1000) << "\n";
    } else { qCritical("no such part"); return 64; }
    return 0;
}
