package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.StoredObjects;
import io.pare.testing.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Results on a server that speaks S3. */
class ObjectStoreIT {
  @RegisterExtension static final S3Server S3 = new S3Server();

  private static final StoredRuns RUNS = new StoredRuns(S3);

  @Test
  void aResultIsPublishedByItsManifestAndReadThroughIt() throws IOException {
    String output = S3.path("plain/out");
    try (ResultPublisher publisher = RUNS.publisher(output, IfExists.FAIL, "a")) {
      publisher.requireApart(Map.of("images", S3.path("plain/images")));
      assertThat(publisher.prepare()).isTrue();
      assertThat(S3.keys("plain")).containsExactly(".out.work/lock");
      assertThat(publisher.publish(StoredRuns.files("a")).sha256()).containsKey("model.onnx");
    }

    assertThat(S3.keys("plain")).isEqualTo(StoredRuns.complete("out", "a"));
    assertThat(new String(S3.read("plain/out/_SUCCESS"), StandardCharsets.UTF_8))
        .matches("run = a\nsha256sums = [0-9a-f]{64}\nfiles = run-a\n");
    HadoopFiles files = new HadoopFiles(S3.configuration());
    assertThat(files.readAll(output + "/model.onnx", 100)).asString().isEqualTo("network of a");
    assertThat(files.exists(output + "/manifest.json")).isTrue();
    assertThat(files.exists(output + "/other.json")).isFalse();
    assertThatThrownBy(() -> files.readAll(output + "/other.json", 100))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void whatStandsIsSkippedRefusedOrReplaced() throws IOException {
    String output = S3.path("standing/out");
    assertThat(RUNS.run(output, IfExists.SKIP, "a")).isEqualTo(StoredRuns.PUBLISHED);
    assertThat(RUNS.run(output, IfExists.SKIP, "b")).isEqualTo("left as it is");
    assertThat(RUNS.run(output, IfExists.FAIL, "c"))
        .isEqualTo(
            "output = "
                + output
                + " exists: choose another path, or give --if-exists skip or overwrite");
    assertThat(S3.keys("standing")).isEqualTo(StoredRuns.complete("out", "a"));

    assertThat(RUNS.run(output, IfExists.OVERWRITE, "d")).isEqualTo(StoredRuns.PUBLISHED);

    assertThat(S3.keys("standing")).isEqualTo(StoredRuns.complete("out", "d"));
    assertThat(new HadoopFiles(S3.configuration()).readAll(output + "/model.onnx", 100))
        .asString()
        .isEqualTo("network of d");
  }

  @Test
  void whatIsNoPartOfTheResultIsNotRemovedWithIt() throws IOException {
    String output = S3.path("foreign/out");
    RUNS.run(output, IfExists.FAIL, "a");
    put("foreign/out/thesis.tex", "mine");

    assertThat(RUNS.run(output, IfExists.OVERWRITE, "b")).contains("no part of its result: thesis");

    S3.fileSystem().delete(new Path(S3.path("foreign/out/thesis.tex")), false);
    put("foreign/out/run-a/model.onnx", "changed");
    assertThat(RUNS.run(output, IfExists.OVERWRITE, "b"))
        .contains("model.onnx (changed since); move them away");
    put("foreign/other/thesis.tex", "mine");
    assertThat(RUNS.run(S3.path("foreign/other"), IfExists.OVERWRITE, "b"))
        .contains("holds no complete result of Pare");
    put("foreign/.third.work/thesis.tex", "mine");
    assertThat(RUNS.run(S3.path("foreign/third"), IfExists.FAIL, "b"))
        .contains("and none has made it");
    assertThat(S3.keys("foreign"))
        .contains(".third.work/thesis.tex", "other/thesis.tex", "out/run-a/model.onnx");
  }

  @Test
  void aResultThatWasCopiedThereAsItStandsOnHdfsIsReplacedToo() throws IOException {
    String output = S3.path("copied/out");
    RUNS.run(output, IfExists.FAIL, "a");
    for (String name : List.of("SHA256SUMS", "manifest.json", "model.onnx")) {
      put("copied/out/" + name, text("copied/out/run-a/" + name));
    }
    put("copied/out/_SUCCESS", text("copied/out/_SUCCESS").replace("files = run-a\n", ""));
    S3.fileSystem().delete(new Path(S3.path("copied/out/run-a")), true);
    assertThat(RUNS.run(output, IfExists.SKIP, "b")).isEqualTo("left as it is");

    assertThat(RUNS.run(output, IfExists.OVERWRITE, "b")).isEqualTo(StoredRuns.PUBLISHED);

    assertThat(S3.keys("copied")).isEqualTo(StoredRuns.complete("out", "b"));
  }

  @Test
  void anObjectIsMadeOnceAndReplacedOnlyAsItWasRead() throws IOException {
    Path path = new Path(S3.path("objects/one"));
    StoredObjects objects = StoredObjects.of(path, S3.configuration());
    assertThat(objects.replacesInOneStep(path)).isTrue();
    assertThat(objects.read(path)).isEmpty();
    assertThat(objects.create(path, "1")).isTrue();
    assertThat(objects.create(path, "2")).isFalse();
    StoredObjects.Seen first = objects.read(path).orElseThrow();
    assertThat(objects.replace(path, "3", first)).isTrue();

    assertThat(objects.replace(path, "4", first)).as("its etag is stale").isFalse();

    assertThat(objects.read(path).orElseThrow().text()).isEqualTo("3");
    StoredObjects.Seen second = objects.read(path).orElseThrow();
    objects.delete(path);
    assertThat(objects.replace(path, "5", second)).as("it is gone").isFalse();
    assertThat(objects.read(path)).isEmpty();
  }

  @Test
  void ofManyWhoseManifestsComeAtOnceExactlyOnePublishes() throws Exception {
    int runs = 3;
    CountDownLatch all = new CountDownLatch(runs);
    Semaphore arrived = new Semaphore(0);
    S3.gate()
        .during(
            request -> {
              if (request.startsWith("PUT") && request.endsWith("/_SUCCESS")) {
                arrived.release();
                all.countDown();
                all.await();
              }
            });
    ExecutorService threads = Executors.newFixedThreadPool(runs);
    List<Future<String>> ends = new ArrayList<>();
    for (int k = 0; k < runs; k++) {
      String run = "r" + k;
      // Nothing but the manifest keeps them apart: each lock is broken once its run stands there.
      S3.fileSystem().delete(new Path(S3.path("race/.out.work/lock")), false);
      ends.add(threads.submit(() -> RUNS.run(S3.path("race/out"), IfExists.FAIL, run)));
      boolean came = arrived.tryAcquire(30, TimeUnit.SECONDS);
      assertThat(came).as(() -> ends + " " + S3.gate().seen()).isTrue();
    }
    List<String> told = new ArrayList<>();
    for (Future<String> end : ends) {
      told.add(end.get());
    }
    threads.shutdown();
    S3.gate().open();

    assertThat(told).containsOnlyOnce(StoredRuns.PUBLISHED);
    assertThat(told.stream().filter(end -> end.contains("published by another run meanwhile")))
        .hasSize(runs - 1);
    String winner = "r" + told.indexOf(StoredRuns.PUBLISHED);
    assertThat(S3.keys("race")).isEqualTo(StoredRuns.complete("out", winner));
    assertThat(text("race/out/run-" + winner + "/model.onnx")).isEqualTo("network of " + winner);
  }

  @Test
  void aSecondRunIsRefusedWhileTheFirstIsAliveAndCleaningLeavesItsWork() throws IOException {
    String output = S3.path("locked/out");
    try (ResultPublisher first = RUNS.publisher(output, IfExists.FAIL, "a")) {
      assertThat(first.prepare()).isTrue();
      put("locked/.out.work/checkpoints/1.checkpoint", "part");
      assertThat(first.kept()).contains(S3.path("locked/.out.work"));

      assertThat(RUNS.run(output, IfExists.FAIL, "b")).contains("the run a is at work on it");
      try (ResultPublisher other = RUNS.publisher(output, IfExists.FAIL, "c")) {
        assertThatThrownBy(other::clean).hasMessageContaining("the run a is at work on it");
      }
      assertThat(S3.keys("locked")).contains(".out.work/checkpoints/1.checkpoint");
    }
    put("locked/out/run-dead/model.onnx", "left by a run that was killed");
    try (ResultPublisher other = RUNS.publisher(output, IfExists.FAIL, "d")) {
      assertThat(other.clean()).isTrue();
    }
    assertThat(S3.keys("locked")).isEmpty();
    try (ResultPublisher other = RUNS.publisher(output, IfExists.FAIL, "e")) {
      assertThat(other.clean()).as("nothing is left").isFalse();
    }
  }

  @Test
  void placesInAResultAndInTheOutputAreRefused() {
    String output = S3.path("places/out");
    RUNS.run(output, IfExists.FAIL, "a");
    ResultPlaces places = new ResultPlaces(S3.configuration());

    assertThatThrownBy(() -> places.requireOutsideResults("--result-json", output + "/a/b.json"))
        .hasMessageContaining("lies in the result " + output);
    assertThatThrownBy(() -> places.requireApart("model", output + "/model.onnx", output))
        .hasMessageContaining("lies in output");
    places.requireApart("model", "file:/models/model.onnx", output);
    places.requireApart("model", S3.path("places/model.onnx"), output);
  }

  private static void put(String key, String text) throws IOException {
    try (FSDataOutputStream out = S3.fileSystem().create(new Path(S3.path(key)), true)) {
      out.write(bytes(text));
    }
  }

  private static String text(String key) throws IOException {
    return new String(S3.read(key), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
