package io.pare.testing;

import java.io.IOException;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * A disk in memory, mounted on a folder: small or read-only, which holds for root too. Only root
 * may mount one; for others the test is skipped.
 */
public final class MountedDisk implements AutoCloseable {
  private final Path folder;

  /**
   * Mounts a disk.
   *
   * @param folder that it is mounted on, which is there
   * @param options of the mount, such as {@code size=4m} or {@code ro}
   */
  public MountedDisk(Path folder, String options) throws IOException, InterruptedException {
    if (call("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()) != 0) {
      throw new TestAbortedException("needs the right to mount a tmpfs");
    }
    this.folder = folder;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // Lazily: a process that has just been told to end may still have its folder there.
    if (call("umount", "-l", folder.toString()) != 0) {
      throw new IOException(folder + " cannot be unmounted");
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
