package io.pare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that speaks S3 (Adobe's S3Mock) in a process of its own, with one bucket, for all tests
 * of a class. One thread serves all requests, without which its conditional puts would not be one
 * step. To be registered in a static field.
 */
public final class S3Server implements BeforeAllCallback, AfterAllCallback {
  private static final Duration START = Duration.ofMinutes(5);

  private Process process;
  private int port;

  /** Of this server alone: Hadoop keeps a client for each bucket, with the server that it had. */
  private String bucket;

  private S3Gate gate;

  @Override
  public void beforeAll(ExtensionContext test) throws IOException, InterruptedException {
    Path log =
        Files.createDirectories(Path.of("target", "s3"))
            .resolve(test.getRequiredTestClass().getSimpleName() + ".log");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
      bucket = "bucket-" + port;
    }
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dserver.tomcat.threads.max=1",
                    "-Dserver.tomcat.threads.min-spare=1",
                    "-Dserver.port=0",
                    "-Dcom.adobe.testing.s3mock.httpPort=" + port,
                    "-Dcom.adobe.testing.s3mock.store.initialBuckets=" + bucket,
                    "-jar",
                    jar().toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitAnswer(log);
    gate = new S3Gate(port);
  }

  /** The jar is on the class path for its place alone: nothing in it can be loaded from there. */
  private static Path jar() throws IOException {
    URL index = S3Server.class.getClassLoader().getResource("BOOT-INF/classpath.idx");
    if (index == null) {
      throw new IllegalStateException("the jar of S3Mock is not on the class path");
    }
    return Path.of(
        URI.create(((JarURLConnection) index.openConnection()).getJarFileURL().toString()));
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
    long end = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        client.send(request, HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("S3Mock does not answer: see " + log.toAbsolutePath());
  }

  @Override
  public void afterAll(ExtensionContext test) throws InterruptedException, IOException {
    fileSystem().close();
    gate.close();
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  /** What all requests of {@link #settings} pass through. */
  public S3Gate gate() {
    return gate;
  }

  /** A path in the bucket. */
  public String path(String key) {
    return "s3a://" + bucket + "/" + key;
  }

  /** Keys of Hadoop's configuration with which S3A speaks to this server. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("fs.s3a.endpoint", "http://127.0.0.1:" + gate.port());
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    settings.put("fs.s3a.access.key", "tests");
    settings.put("fs.s3a.secret.key", "tests");
    settings.put("fs.s3a.fast.upload.buffer", "array");
    settings.put("fs.s3a.attempts.maximum", "2");
    settings.put("fs.s3a.retry.limit", "2");
    settings.put("fs.s3a.retry.interval", "50ms");
    return settings;
  }

  /** The same as options of a JVM in which spark-submit runs. */
  public List<String> options() {
    return settings().entrySet().stream()
        .map(entry -> "-Dspark.hadoop." + entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  /** A configuration of a client. */
  public Configuration configuration() {
    Configuration configuration = new Configuration();
    settings().forEach(configuration::set);
    return configuration;
  }

  /** A configuration of a client of its own, whose requests do not pass through the gate. */
  public Configuration direct() {
    Configuration configuration = configuration();
    configuration.set("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    configuration.setBoolean("fs.s3a.impl.disable.cache", true);
    return configuration;
  }

  /** The client itself. */
  public FileSystem fileSystem() {
    try {
      return new org.apache.hadoop.fs.Path(path("")).getFileSystem(configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a file of this machine into the bucket. */
  public String upload(Path file, String key) throws IOException {
    fileSystem()
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(file.toUri()), new org.apache.hadoop.fs.Path(path(key)));
    return path(key);
  }

  /** The content of an object. */
  public byte[] read(String key) throws IOException {
    try (java.io.InputStream in = fileSystem().open(new org.apache.hadoop.fs.Path(path(key)))) {
      return in.readAllBytes();
    }
  }

  /** Keys of all objects below a folder, relative to it, in their order. */
  public List<String> keys(String folder) throws IOException {
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(path(folder));
    java.util.TreeSet<String> keys = new java.util.TreeSet<>();
    if (fileSystem().exists(root)) {
      RemoteIterator<LocatedFileStatus> files = fileSystem().listFiles(root, true);
      while (files.hasNext()) {
        FileStatus file = files.next();
        keys.add(file.getPath().toString().substring(root.toString().length() + 1));
      }
    }
    return List.copyOf(keys);
  }
}
