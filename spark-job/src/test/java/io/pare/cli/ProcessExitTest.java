package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process ends as it was told to while products run outside its JVM. */
final class ProcessExitTest {
  private static final int LONGEST_SECONDS = 60;

  @Test
  void endsByTheSignalThatAsksItTo() throws Exception {
    Process process = computing("signals");
    process.destroy();
    assertThat(exitValue(process)).isEqualTo(143);
  }

  @Test
  void endsWithItsCode() throws Exception {
    assertThat(exitValue(computing("3"))).isEqualTo(3);
  }

  private static int exitValue(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).as("it has ended").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** A process whose threads multiply matrices, and have begun to. */
  private static Process computing(String ending) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Computing.class.getName(),
                ending)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); !"computing".equals(line); line = output.readLine()) {
      assertThat(line).as("what the process says").isNotNull();
    }
    return process;
  }

  /** The process. */
  static final class Computing {
    private static final int THREADS = 4;

    /** Of these the usual end of a JVM hangs each time, in OpenBLAS with a thread a core. */
    private static final int ORDER = 1500;

    private Computing() {}

    /**
     * Computes until it is told to end.
     *
     * @param args {@code signals}, or the exit code to end with
     */
    public static void main(String[] args) throws InterruptedException {
      ProcessExit.onSignals();
      CountDownLatch begun = new CountDownLatch(THREADS);
      for (int k = 0; k < THREADS; k++) {
        Thread thread = new Thread(() -> compute(begun));
        thread.setDaemon(true);
        thread.start();
      }
      begun.await();
      System.out.println("computing");
      if (args[0].equals("signals")) {
        Thread.sleep(TimeUnit.SECONDS.toMillis(2L * LONGEST_SECONDS));
      } else {
        ProcessExit.with(Integer.parseInt(args[0]));
      }
    }

    private static void compute(CountDownLatch begun) {
      double[] values = new double[ORDER * ORDER];
      Arrays.fill(values, 1);
      Matrix matrix = new Matrix(ORDER, ORDER, values);
      while (true) {
        DenseAlgebra.multiply(matrix, matrix);
        begun.countDown();
      }
    }
  }
}
