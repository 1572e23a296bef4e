package org.example;

import com.google.gson.GsonBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.*;
import java.util.concurrent.Executors;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.apache.commons.lang3.StringUtils;

public class Main {
    interface Page { String text(String query) throws Exception; }

    public static void main(String[] args) throws Exception {
        try (InputStream in = Main.class.getResourceAsStream("/logging.properties")) { LogManager.getLogManager().readConfiguration(in); }
        Properties conf = new Properties();
        try (InputStream in = Main.class.getResourceAsStream("/service.properties")) { conf.load(in); }
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/", q -> conf.getProperty("greeting"));
        pages.put("/json", q -> new GsonBuilder().setPrettyPrinting().create().toJson(new TreeMap<>(Map.of("a", List.of(1, 2), "b", "é"))));
        pages.put("/shapes", q -> {
            StringBuilder out = new StringBuilder();
            for (Shape s : ServiceLoader.load(Shape.class)) out.append(String.format(Locale.ROOT, "%s %.3f%n", s.getClass().getSimpleName(), s.area(2)));
            return out.toString();
        });
        pages.put("/text", q -> StringUtils.capitalize(StringUtils.reverse("abc")) + " " + ResourceBundle.getBundle("messages", Locale.GERMANY).getString("size"));
        pages.put("/time", q -> DateTimeFormatter.ofLocalizedDateTime(FormatStyle.FULL).withLocale(Locale.FRANCE).format(Instant.EPOCH.atZone(ZoneId.of("Europe/Paris"))));
        pages.put("/crypto", q -> {
            var gcm = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
            gcm.init(1, new javax.crypto.spec.SecretKeySpec(new byte[16], "AES"), new javax.crypto.spec.GCMParameterSpec(128, new byte[12]));
            var ec = java.security.KeyPairGenerator.getInstance("EC");
            ec.initialize(256);
            return HexFormat.of().formatHex(gcm.doFinal("x".getBytes())) + " " + ec.generateKeyPair().getPublic().getAlgorithm()
                + " " + (((javax.net.ssl.X509TrustManager) trust()).getAcceptedIssuers().length > 50);
        });
        pages.put("/xml", q -> {
            var doc = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new java.io.ByteArrayInputStream("<a><b>t</b></a>".getBytes()));
            return javax.xml.xpath.XPathFactory.newInstance().newXPath().evaluate("//b", doc);
        });
        pages.put("/client", q -> HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/")).build(), HttpResponse.BodyHandlers.ofString()).body());
        pages.put("/charset", q -> HexFormat.of().formatHex("日".getBytes("Shift_JIS")) + " " + java.text.Normalizer.normalize("é", java.text.Normalizer.Form.NFD).length());
        pages.put("/image", q -> {
            var image = new java.awt.image.BufferedImage(4, 4, java.awt.image.BufferedImage.TYPE_INT_RGB);
            var out = new java.io.ByteArrayOutputStream();
            return javax.imageio.ImageIO.write(image, "png", out) + " " + javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(out.toByteArray())).getWidth();
        });
        pages.put("/script", q -> String.valueOf(Class.forName("org.example.None")));
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.createContext("/", e -> answer(e, pages));
        server.start();
        Logger.getLogger("service").info("ready");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
    }

    static javax.net.ssl.TrustManager trust() throws Exception {
        var factory = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
        factory.init((java.security.KeyStore) null);
        return factory.getTrustManagers()[0];
    }

    static void answer(HttpExchange e, Map<String, Page> pages) throws java.io.IOException {
        int status = 200;
        String text;
        Page page = pages.get(e.getRequestURI().getPath());
        try {
            if (page == null) { status = 404; text = "no page"; } else text = page.text(e.getRequestURI().getQuery());
        } catch (Throwable t) { status = 500; text = t.toString(); }
        byte[] bytes = (text.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        e.sendResponseHeaders(status, bytes.length);
        e.getResponseBody().write(bytes);
        e.close();
    }
}
