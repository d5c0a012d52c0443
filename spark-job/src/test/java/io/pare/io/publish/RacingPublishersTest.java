package io.pare.io.publish;

import static io.pare.io.publish.PublishedFolder.EXPIRY;
import static io.pare.io.publish.PublishedFolder.FILES;
import static io.pare.io.publish.PublishedFolder.names;
import static io.pare.io.publish.PublishedFolder.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.testing.FaultMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several runs on one output: one at work, one dead, one that wakes, and races. */
class RacingPublishersTest {
  @TempDir private Path folder;
  private Path output;
  private PublishedFolder runs;

  @BeforeEach
  void nameTheOutput() {
    output = folder.resolve("models/out");
    runs = new PublishedFolder(output);
  }

  @Test
  void theLockOfADeadRunIsTakenOverAfterItsExpiryAndWhatItLeftIsRemoved() throws IOException {
    Path dead = Files.createDirectories(runs.work().resolve("holder/dead"));
    Files.createFile(dead.resolve("heartbeat"));
    Files.writeString(Files.createDirectory(dead.resolve("staging")).resolve("model.onnx"), "half");

    long begin = System.nanoTime();
    publish(runs.publisher(IfExists.FAIL, "a"));

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(EXPIRY, EXPIRY.plusSeconds(5));
    assertThat(output.resolve("model.onnx")).hasContent("network");
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @Test
  void aRunThatIsAtWorkIsNamedToTheNextOne() throws IOException {
    try (ResultPublisher first = runs.publisher(IfExists.FAIL, "first")) {
      assertThat(first.prepare()).isTrue();
      try (ResultPublisher second = runs.publisher(IfExists.FAIL, "second")) {
        assertThatThrownBy(second::prepare)
            .isInstanceOf(InputException.class)
            .hasMessageContaining("the run first is at work on it");
      }
      first.publish(FILES);
    }
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = first");
  }

  /** The sign of life then bears a time an hour away, and the next one the usual time again. */
  @ParameterizedTest
  @ValueSource(longs = {-3_600_000, 3_600_000})
  void aClockThatJumpsUnderARunningLockLetsNoSecondWriterIn(long jump) throws Exception {
    Path sign = runs.work().resolve("holder/first/heartbeat");
    AtomicInteger jumps = new AtomicInteger();
    try (ResultPublisher first = runs.publisher(IfExists.FAIL, "first")) {
      assertThat(first.prepare()).isTrue();
      Thread clock =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  boolean jumped = sign.toFile().setLastModified(System.currentTimeMillis() + jump);
                  jumps.addAndGet(jumped ? 1 : 0);
                  LockSupport.parkNanos(EXPIRY.toNanos() / 5);
                }
              });
      clock.start();
      try {
        for (String id : List.of("second", "third", "fourth")) {
          try (ResultPublisher other = runs.publisher(IfExists.FAIL, id)) {
            assertThatThrownBy(other::prepare)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the run first is at work on it");
          }
        }
      } finally {
        clock.interrupt();
        clock.join();
      }
      first.publish(FILES);
    }
    assertThat(jumps).hasPositiveValue();
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = first");
    FaultMatrix.held(
        "the clock jumps by an hour under a running lock, " + (jump > 0 ? "forth" : "back"),
        "times of the sign of life an hour away, between usual ones",
        "%d jumps".formatted(jumps.get()),
        "three other runs were refused, the first published");
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600_000, 3_600_000})
  void aDeadRunWhoseLastSignIsAnHourAwayIsStillDead(long away) throws IOException {
    Path dead = Files.createDirectories(runs.work().resolve("holder/dead"));
    Path sign = Files.createFile(dead.resolve("heartbeat"));
    assertThat(sign.toFile().setLastModified(System.currentTimeMillis() + away)).isTrue();

    publish(runs.publisher(IfExists.FAIL, "a"));

    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = a");
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "OVERWRITE"})
  void aRunThatWakesAfterAnotherHasTakenOverChangesNothing(IfExists ifExists) throws IOException {
    if (ifExists == IfExists.OVERWRITE) {
      publish(runs.publisher(IfExists.FAIL, "old"));
    }
    Path moved = folder.resolve("moved");
    try (ResultPublisher stalled = runs.publisher(ifExists, "stalled")) {
      assertThat(stalled.prepare()).isTrue();
      // Only a moved directory makes this run as silent as a stopped process.
      Files.move(runs.work().resolve("holder/stalled"), moved);
      Files.createDirectories(runs.work().resolve("holder/stalled"));

      publish(runs.publisher(ifExists, "other"));

      assertThatThrownBy(() -> stalled.publish(FILES))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another one has taken over");
    }
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = other");
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @Test
  void checkpointsOutliveARunThatFailsAndGoWithTheOneThatPublishes() throws IOException {
    try (ResultPublisher failing = runs.publisher(IfExists.FAIL, "a")) {
      failing.prepare();
      Path checkpoints = Path.of(java.net.URI.create(failing.checkpoints()).getPath());
      Files.writeString(Files.createDirectory(checkpoints).resolve("kept.checkpoint"), "layer");
    }
    assertThat(runs.work().resolve("checkpoints/kept.checkpoint")).hasContent("layer");

    publish(runs.publisher(IfExists.FAIL, "b"));

    assertThat(names(output.getParent())).containsExactly("out");
  }

  @Test
  void ofRacingRunsExactlyOneWins() throws Exception {
    int runs = 8;
    CyclicBarrier start = new CyclicBarrier(runs);
    ExecutorService threads = Executors.newFixedThreadPool(runs);
    List<Callable<String>> tasks =
        IntStream.range(0, runs)
            .mapToObj(run -> (Callable<String>) () -> race("run" + run, start))
            .toList();
    try {
      int winners = 0;
      for (Future<String> task : threads.invokeAll(tasks)) {
        winners += outcome(task).equals("published") ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(names(output))
        .containsExactly("SHA256SUMS", "_SUCCESS", "manifest.json", "model.onnx");
    assertThat(names(output.getParent())).containsExactly("out");
  }

  private String race(String runId, CyclicBarrier start) throws Exception {
    try (ResultPublisher publisher = runs.publisher(IfExists.FAIL, runId)) {
      start.await();
      publisher.prepare();
      publisher.publish(FILES);
      return "published";
    }
  }

  private static String outcome(Future<String> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(InputException.class);
      assertThat(e.getCause().getMessage())
          .containsAnyOf("is at work on it", "exists: choose another path");
      return "refused";
    }
  }
}
