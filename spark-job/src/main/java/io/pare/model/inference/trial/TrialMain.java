package io.pare.model.inference.trial;

import io.pare.InputException;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.process.NativeEnvironment;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/**
 * The process that networks are first run in: takes requests on standard input, answers each on
 * standard output, and ends with its input, whatever it computes then.
 */
final class TrialMain {
  private static final long SEED = 1;

  private TrialMain() {}

  /** Answers until the input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    NativeEnvironment.ignoreTerminal();
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
    // Whoever else prints must not do it between the answers.
    System.setOut(System.err);
    SynchronousQueue<TrialRequest> requests = new SynchronousQueue<>();
    Thread runner = new Thread(() -> answer(requests, out), "trial");
    runner.setDaemon(true);
    runner.start();
    try {
      while (true) {
        requests.put(TrialRequest.read(in));
      }
    } catch (EOFException e) {
      delete(Path.of(System.getProperty("java.io.tmpdir")));
      NativeEnvironment.endProcess(0);
    }
  }

  /** Deletes the folder of such a process as far as that is possible. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // Left where temporary files are: of no use to anybody, and no reason to fail.
    }
  }

  private static void answer(SynchronousQueue<TrialRequest> requests, DataOutputStream out) {
    try {
      while (true) {
        answer(requests.take()).write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nobody reads the answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TrialAnswer answer(TrialRequest request) {
    try (InferenceSession session = InferenceSession.open(request.model(), 1)) {
      session.requireFloats(request.floats());
      float[] batch = new float[request.images() * request.image().values()];
      TrialAnswer answer =
          TrialAnswer.of(
              session.shapes(batch, request.images(), request.image()),
              ShapeMeasurement.doubled(session, request.image()));
      Random random = new Random(SEED);
      for (int i = 0; i < batch.length; i++) {
        batch[i] = (float) random.nextGaussian();
      }
      session.shapes(batch, request.images(), request.image());
      return answer;
    } catch (InputException e) {
      return TrialAnswer.refused(e.getMessage());
    } catch (OutOfMemoryError e) {
      return TrialAnswer.refused(
          "the first run takes more memory than there is (" + e.getMessage() + ")");
    } catch (LinkageError e) {
      return TrialAnswer.unloaded(e.toString());
    } catch (RuntimeException e) {
      return TrialAnswer.refused("ONNX Runtime cannot run the network: " + e);
    }
  }
}
