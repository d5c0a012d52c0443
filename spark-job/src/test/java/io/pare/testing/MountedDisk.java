package io.pare.testing;

import java.io.IOException;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * A disk in memory, mounted on a folder: small or read-only, which holds for root too. Only root
 * may mount one; for others the test is skipped.
 */
public final class MountedDisk {

  private MountedDisk() {}

  /** What is done while a disk is there. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /**
   * Does something while a disk is mounted.
   *
   * @param folder that it is mounted on, which is there
   * @param options of the mount, such as {@code size=4m} or {@code ro}
   */
  public static void during(Path folder, String options, Body body) throws Exception {
    if (call("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()) != 0) {
      throw new TestAbortedException("needs the right to mount a tmpfs");
    }
    try {
      body.run();
    } finally {
      // Lazily: a process that has just been told to end may still have its folder there.
      if (call("umount", "-l", folder.toString()) != 0) {
        System.err.println(folder + " cannot be unmounted");
      }
    }
  }

  private static int call(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
