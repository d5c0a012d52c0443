package io.pare.io.publish;

import java.io.IOException;
import java.util.Map;

/** How one run brings a result to its output on one kind of file system: complete or not at all. */
interface Publication extends AutoCloseable {

  /** As {@link ResultPublisher#prepare}. */
  boolean prepare() throws IOException;

  /** As {@link ResultPublisher#publish}; a repeated attempt finds what the one before has done. */
  void publish(Map<String, byte[]> contents) throws IOException;

  /** As {@link ResultPublisher#clean}. */
  boolean clean() throws IOException;

  /** Gives no more signs of life: a lock that then cannot be freed expires. */
  void fallSilent();

  /** Removes what an unpublished result left, and frees the lock. Can be repeated. */
  @Override
  void close() throws IOException;
}
