package io.pare.io.publish;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** How one run brings a result to its output on one kind of file system: complete or not at all. */
interface Publication extends AutoCloseable {

  /** The directory to publish, in full. */
  Path output();

  /** The directory in which runs with this output work. */
  Path work();

  /** Where checkpoints of runs with this output are kept until one of them has published. */
  Path checkpoints();

  /** As {@link ResultPublisher#prepare}. */
  boolean prepare() throws IOException;

  /** As {@link ResultPublisher#publish}; a repeated attempt finds what the one before has done. */
  void publish(Map<String, byte[]> contents) throws IOException;

  /** As {@link ResultPublisher#clean}. */
  boolean clean() throws IOException;

  /** Where finished parts wait for the next run; empty where there are none. */
  Optional<Path> kept() throws IOException;

  /** Gives no more signs of life: a lock that then cannot be freed expires. */
  void fallSilent();

  /** Removes what an unpublished result left, and frees the lock. Can be repeated. */
  @Override
  void close() throws IOException;
}
