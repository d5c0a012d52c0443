package io.pare.prep;

import io.pare.io.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Hashes a file on its way to the file system. */
final class HashingOutputFile implements OutputFile {
  private final OutputFile file;
  private final MessageDigest digest = Sha256.digest();
  private long length;

  HashingOutputFile(OutputFile file) {
    this.file = file;
  }

  /** SHA-256 of what was written, to be asked once, after the file was closed. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Bytes written so far. */
  long length() {
    return length;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return new HashingStream(file.create(blockSizeHint));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return new HashingStream(file.createOrOverwrite(blockSizeHint));
  }

  @Override
  public boolean supportsBlockSize() {
    return file.supportsBlockSize();
  }

  @Override
  public long defaultBlockSize() {
    return file.defaultBlockSize();
  }

  @Override
  public String getPath() {
    return file.getPath();
  }

  private final class HashingStream extends PositionOutputStream {
    private final PositionOutputStream stream;

    HashingStream(PositionOutputStream stream) {
      this.stream = stream;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void write(int value) throws IOException {
      stream.write(value);
      digest.update((byte) value);
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      stream.write(bytes, offset, count);
      digest.update(bytes, offset, count);
      length += count;
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
