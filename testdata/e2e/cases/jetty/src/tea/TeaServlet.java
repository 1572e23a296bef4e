package tea;

import java.io.*;
import java.security.MessageDigest;
import java.text.NumberFormat;
import java.time.*;
import java.time.format.*;
import java.util.*;
import javax.servlet.ServletException;
import javax.servlet.http.*;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.*;
import javax.xml.transform.stream.*;

public class TeaServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        response.setContentType("text/plain;charset=utf-8");
        PrintWriter out = response.getWriter();
        try {
            switch (String.valueOf(request.getPathInfo())) {
                case "/session" -> {
                    HttpSession session = request.getSession();
                    Integer n = (Integer) session.getAttribute("n");
                    session.setAttribute("n", n == null ? 1 : n + 1);
                    out.println("visit " + session.getAttribute("n"));
                }
                case "/greet" -> out.println(ResourceBundle.getBundle("tea.words", request.getLocale()).getString("hello"));
                case "/date" -> out.println(LocalDate.of(2024, 5, 1).format(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(request.getLocale()))
                    + " " + ZonedDateTime.of(2024, 7, 1, 12, 0, 0, 0, ZoneId.of("Asia/Tokyo")).toInstant()
                    + " " + NumberFormat.getCurrencyInstance(Locale.GERMANY).format(9.5));
                case "/hash" -> out.println(HexFormat.of().formatHex(MessageDigest.getInstance("SHA3-256").digest("tea".getBytes())));
                case "/xml" -> {
                    String xsl = "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='text'/><xsl:template match='/'><xsl:value-of select='sum(//n)'/></xsl:template></xsl:stylesheet>";
                    TransformerFactory.newInstance().newTransformer(new StreamSource(new StringReader(xsl)))
                        .transform(new StreamSource(new StringReader("<a><n>1</n><n>2</n></a>")), new StreamResult(out));
                    out.println();
                }
                case "/badxml" -> DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream("<a>".getBytes()));
                case "/charset" -> out.println(new String(new byte[] {(byte) 0x82, (byte) 0xa0}, "Shift_JIS"));
                case "/image" -> {
                    var image = new java.awt.image.BufferedImage(8, 4, java.awt.image.BufferedImage.TYPE_INT_RGB);
                    var bytes = new ByteArrayOutputStream();
                    out.println(javax.imageio.ImageIO.write(image, "png", bytes) + " " + bytes.size());
                }
                case "/script" -> out.println(new javax.script.ScriptEngineManager().getEngineByName("none"));
                case "/crash" -> throw new ServletException("on purpose");
                default -> response.sendError(404);
            }
        } catch (IOException | ServletException e) {
            throw e;
        } catch (Exception e) {
            response.setStatus(422);
            out.println(e.getClass().getName() + " " + e.getMessage());
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        Part part = request.getPart("f");
        response.getWriter().println(part == null ? "no part" : part.getSubmittedFileName() + " " + part.getSize());
    }
}
