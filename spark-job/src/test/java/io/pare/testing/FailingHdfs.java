package io.pare.testing;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FilterFs;
import org.apache.hadoop.fs.Options.ChecksumOpt;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * An HDFS of which one call fails: before it has had its effect, or after it, when only the answer
 * is lost. For one test at a time.
 */
public final class FailingHdfs extends FilterFs {
  private static final String IMPLEMENTATION = "fs.AbstractFileSystem.hdfs.impl";
  private static final AtomicInteger CALLS_LEFT = new AtomicInteger();
  private static volatile Fault fault = Fault.BEFORE;
  private static volatile Call<?> meanwhile = () -> "nothing";

  /** How the call fails. */
  public enum Fault {
    /** For good, without effect. */
    BEFORE,
    /** For good, after it has had its effect. */
    AFTER,
    /** As when a NameNode restarts, without effect. */
    DISCONNECTED_BEFORE,
    /** As when a NameNode restarts, after it has had its effect. */
    DISCONNECTED_AFTER,
    /** It succeeds, but something else happens before it. */
    DELAYED,
    /** All calls succeed, but something else happens in the middle of the first large file. */
    MID_WRITE
  }

  /**
   * Something done with a file system.
   *
   * @param <T> its result
   */
  public interface Call<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Called by Hadoop. */
  public FailingHdfs(URI uri, Configuration configuration) throws URISyntaxException, IOException {
    super(AbstractFileSystem.createFileSystem(uri, sound(configuration)));
  }

  private static Configuration sound(Configuration configuration) {
    Configuration sound = new Configuration(configuration);
    sound.set(IMPLEMENTATION, "org.apache.hadoop.fs.Hdfs");
    return sound;
  }

  /** A client's configuration under which the {@code n}-th call from now on fails, n from 1. */
  public static Configuration failing(Configuration configuration, int n, Fault how) {
    Configuration failing = new Configuration(configuration);
    failing.set(IMPLEMENTATION, FailingHdfs.class.getName());
    CALLS_LEFT.set(n);
    fault = how;
    return failing;
  }

  /** As {@link #failing}, but the call succeeds after something else has been done. */
  public static Configuration delaying(Configuration configuration, int n, Call<?> first) {
    meanwhile = first;
    return failing(configuration, n, Fault.DELAYED);
  }

  /** Nothing fails by itself, but something is done while the first large file is written. */
  public static Configuration inTheMiddle(Configuration configuration, Call<?> meanwhileDone) {
    AtomicBoolean once = new AtomicBoolean();
    meanwhile = () -> once.getAndSet(true) ? "done before" : meanwhileDone.run();
    return failing(configuration, Integer.MAX_VALUE, Fault.MID_WRITE);
  }

  /** Whether the call that was to fail has been reached. */
  public static boolean hasFailed() {
    return CALLS_LEFT.get() <= 0;
  }

  private static <T> T call(Call<T> call) throws IOException {
    boolean fails = CALLS_LEFT.decrementAndGet() == 0;
    if (!fails) {
      return call.run();
    }
    if (fault == Fault.DELAYED) {
      meanwhile.run();
      return call.run();
    }
    if (fault == Fault.AFTER || fault == Fault.DISCONNECTED_AFTER) {
      call.run();
    }
    if (fault == Fault.BEFORE || fault == Fault.AFTER) {
      throw new IOException("the file system is out of order");
    }
    throw new EOFException("the connection ended");
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return call(() -> super.getFileStatus(path));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return call(() -> super.listStatus(path));
  }

  @Override
  public void mkdir(Path path, FsPermission permission, boolean createParent) throws IOException {
    call(
        () -> {
          super.mkdir(path, permission, createParent);
          return path;
        });
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return call(() -> super.delete(path, recursive));
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return call(() -> super.open(path, bufferSize));
  }

  @Override
  public FSDataOutputStream createInternal(
      Path path,
      EnumSet<CreateFlag> flags,
      FsPermission permission,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress,
      ChecksumOpt checksum,
      boolean createParent)
      throws IOException {
    FSDataOutputStream out =
        call(
            () ->
                super.createInternal(
                    path,
                    flags,
                    permission,
                    bufferSize,
                    replication,
                    blockSize,
                    progress,
                    checksum,
                    createParent));
    return fault == Fault.MID_WRITE
        ? new FSDataOutputStream(new HeldWrite(out, meanwhile), null)
        : out;
  }

  @Override
  public void renameInternal(Path from, Path to) throws IOException {
    call(
        () -> {
          super.renameInternal(from, to);
          return to;
        });
  }

  @Override
  public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
    call(
        () -> {
          super.renameInternal(from, to, overwrite);
          return to;
        });
  }

  @Override
  public void setTimes(Path path, long modified, long accessed) throws IOException {
    // A sign of life comes at any time: it is not counted, so that n means the same in every run.
    super.setTimes(path, modified, accessed);
  }
}
