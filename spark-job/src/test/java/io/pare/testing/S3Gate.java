package io.pare.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What stands between a client and a server of S3: it hands requests on, and tests tell it what
 * else to do with one. Thread-safe.
 */
public final class S3Gate implements AutoCloseable {
  private static final Set<String> OF_A_CONNECTION =
      Set.of("host", "connection", "content-length", "expect", "transfer-encoding", "upgrade");

  private static final Set<String> CONDITIONS = Set.of("if-match", "if-none-match");

  /** S3 looks and writes in one step; the server of the tests does so of one request at a time. */
  private final Object conditions = new Object();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final int behind;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private volatile Fault fault = request -> {};

  /** What a test does to requests. */
  @FunctionalInterface
  public interface Fault {
    /** Ends the connection to the client without an answer, if thrown. */
    final class EndOfConnection extends Exception {
      private static final long serialVersionUID = 1L;
    }

    /**
     * Called before a request is handed on; may wait.
     *
     * @param request its method and what it is for, as in {@code PUT /bucket/out/_SUCCESS}
     */
    void before(String request) throws Exception;

    /** Called once the server has answered, before the client hears of it. */
    default void after(String request) throws Exception {}

    /** What becomes of the text of a listing. */
    default String listing(String xml) {
      return xml;
    }
  }

  S3Gate(int behind) throws IOException {
    this.behind = behind;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::pass);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What is done from now on; forgets what was seen. */
  public void during(Fault next) {
    seen.clear();
    fault = next;
  }

  /** Hands on everything. */
  public void open() {
    during(request -> {});
  }

  /** The requests since then, in the order in which they came. */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  private void pass(HttpExchange exchange) {
    Fault now = fault;
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      byte[] body = exchange.getRequestBody().readAllBytes();
      seen.add(request);
      now.before(request);
      HttpResponse<byte[]> answer = answer(exchange, body);
      now.after(request);
      answer(exchange, answer, now);
    } catch (Exception | AssertionError e) {
      // The connection ends without an answer, which is what the client is to see.
    }
  }

  private HttpResponse<byte[]> answer(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request = handedOn(exchange, body);
    boolean onCondition =
        exchange.getRequestHeaders().keySet().stream()
            .anyMatch(name -> CONDITIONS.contains(name.toLowerCase(Locale.ROOT)));
    if (onCondition) {
      synchronized (conditions) {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      }
    }
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest handedOn(HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + behind + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer, Fault now)
      throws IOException {
    byte[] body = answer.body();
    if (String.valueOf(exchange.getRequestURI().getRawQuery()).contains("list-type=2")) {
      body = now.listing(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              boolean lengthOfAnother =
                  OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))
                      && !(head && name.equalsIgnoreCase("content-length"));
              if (!lengthOfAnother && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
