package io.pare.io.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A range of a Hadoop file as a read-only channel, so that the index of an archive, or of an
 * archive inside an archive, is read by seeking over the data. Not thread-safe.
 */
final class SeekableStreamChannel implements SeekableByteChannel {
  private static final int CHUNK = 8192;
  private final FSDataInputStream stream;
  private final long start;
  private final long size;
  private final byte[] chunk = new byte[CHUNK];
  private long position;
  private boolean open = true;

  SeekableStreamChannel(FSDataInputStream stream, long start, long size) {
    this.stream = stream;
    this.start = start;
    this.size = size;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= size) {
      return -1;
    }
    int wanted = (int) Math.min(Math.min(target.remaining(), CHUNK), size - position);
    if (wanted == 0) {
      return 0;
    }
    if (stream.getPos() != start + position) {
      stream.seek(start + position);
    }
    int count = stream.read(chunk, 0, wanted);
    if (count < 0) {
      throw new EOFException("the file ends before its length of " + (start + size));
    }
    target.put(chunk, 0, count);
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    stream.close();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
