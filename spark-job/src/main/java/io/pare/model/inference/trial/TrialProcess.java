package io.pare.model.inference.trial;

import ai.onnxruntime.OrtEnvironment;
import com.google.protobuf.Message;
import io.pare.InputException;
import io.pare.model.inference.UnloadedRuntime;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process of Java's for first runs, which takes a second to start and is kept for the next
 * network unless it has had a large one, whose memory it would keep too. Each is used by one thread
 * at a time.
 */
final class TrialProcess {
  private static final int LARGEST_TO_KEEP = 64 << 20;
  private static final String CRASH = "crash.txt";
  private static final Pattern SIGNAL = Pattern.compile("\\bSIG[A-Z]+\\b");

  private static final Deque<TrialProcess> IDLE = new ConcurrentLinkedDeque<>();
  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(TrialProcess::daemon);

  private final Path folder;
  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;

  private TrialProcess() throws IOException {
    folder = Files.createTempDirectory("pare-trial");
    process = process(folder).start();
    in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
  }

  /**
   * Runs a network in such a process.
   *
   * @throws InputException as {@link Trial#shapes}
   */
  static TrialAnswer run(String name, TrialRequest request, Duration limit) {
    TrialProcess process = idleOrNew();
    TrialAnswer answer;
    try {
      answer = process.answer(name, request, limit);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
    if (request.model().length > LARGEST_TO_KEEP) {
      process.close();
    } else {
      IDLE.push(process);
    }
    return switch (answer.outcome()) {
      case SHAPES -> answer;
      case REFUSED -> throw InputException.data(name + ": " + answer.why());
      case UNLOADED -> throw UnloadedRuntime.because(new LinkageError(answer.why()));
    };
  }

  private static TrialProcess idleOrNew() {
    for (TrialProcess idle = IDLE.poll(); idle != null; idle = IDLE.poll()) {
      if (idle.process.isAlive()) {
        return idle;
      }
      idle.close();
    }
    try {
      return new TrialProcess();
    } catch (IOException e) {
      throw new UncheckedIOException("no process can be started to run a network in", e);
    }
  }

  private TrialAnswer answer(String name, TrialRequest request, Duration limit) {
    AtomicBoolean late = new AtomicBoolean();
    Runnable kill =
        () -> {
          late.set(true);
          process.destroyForcibly();
        };
    ScheduledFuture<?> end = WATCH.schedule(kill, limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      request.write(out);
      return TrialAnswer.read(in);
    } catch (IOException e) {
      throw InputException.data(
          "%s: %s when the network was first run, on images of %d x %d x %d"
              .formatted(
                  name,
                  late.get() ? late(limit) : crashed(),
                  request.image().channels(),
                  request.image().height(),
                  request.image().width()));
    } finally {
      end.cancel(false);
    }
  }

  private static String late(Duration limit) {
    return "ONNX Runtime did not end within trial-seconds = "
        + limit.toSeconds()
        + " (a loop may have no end; a network that is only slow needs more)";
  }

  private String crashed() {
    try {
      process.waitFor();
      Path crash = folder.resolve(CRASH);
      Matcher signal = SIGNAL.matcher(Files.exists(crash) ? Files.readString(crash) : "");
      String how = signal.find() ? signal.group() : "exit code " + process.exitValue();
      return "ONNX Runtime crashed (" + how + "; it was in a process of its own)";
    } catch (IOException e) {
      return "ONNX Runtime crashed";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "ONNX Runtime was interrupted";
    }
  }

  private void close() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    TrialMain.delete(folder);
  }

  private static ProcessBuilder process(Path folder) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + (Runtime.getRuntime().maxMemory() >> 20) + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve(CRASH),
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            classPath(),
            TrialMain.class.getName());
    builder.directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder;
  }

  /** The jars of this program, wherever they were loaded from, in front of the application's. */
  private static String classPath() {
    Stream<String> own =
        Stream.of(TrialMain.class, OrtEnvironment.class, Message.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .map(location -> URLDecoder.decode(location.getPath(), StandardCharsets.UTF_8));
    Stream<String> all = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator));
    return Stream.concat(own, all)
        .map(path -> new File(path).getAbsolutePath())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "trial-watch");
    thread.setDaemon(true);
    return thread;
  }
}
