package io.pare.testing;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Syncable;

/**
 * The stream of a file during whose writing something else happens: once, behind its first bytes,
 * when they are with the DataNodes and the rest is not.
 */
final class HeldWrite extends OutputStream implements Syncable {
  private static final int FIRST = 1 << 16;

  private final FSDataOutputStream out;
  private final FailingHdfs.Call<?> meanwhile;
  private long written;

  HeldWrite(FSDataOutputStream out, FailingHdfs.Call<?> meanwhile) {
    this.out = out;
    this.meanwhile = meanwhile;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int first = (int) Math.min(length, Math.max(0, FIRST - written));
    out.write(bytes, offset, first);
    written += first;
    if (first > 0 && written == FIRST) {
      out.hflush();
      meanwhile.run();
    }
    out.write(bytes, offset + first, length - first);
    written += length - first;
  }

  @Override
  public void hflush() throws IOException {
    out.hflush();
  }

  @Override
  public void hsync() throws IOException {
    out.hsync();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
