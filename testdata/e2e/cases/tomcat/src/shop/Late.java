package shop;

import jakarta.servlet.*;
import jakarta.servlet.annotation.*;
import jakarta.servlet.http.*;
import jakarta.websocket.*;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;

@WebFilter("/*")
public class Late implements Filter {
    @Override public void doFilter(ServletRequest in, ServletResponse out, FilterChain rest) throws IOException, ServletException {
        ((HttpServletResponse) out).setHeader("X-Shop", "filtered");
        rest.doFilter(in, out);
    }

    @ServerEndpoint("/echo")
    public static class Echo {
        @OnMessage public String echo(String text) { return text.toUpperCase(); }
    }

    @WebListener public static class Started implements ServletContextListener {
        @Override public void contextInitialized(ServletContextEvent e) { System.out.println("shop is open"); }
        @Override public void contextDestroyed(ServletContextEvent e) { System.out.println("shop is closed"); }
    }
}
