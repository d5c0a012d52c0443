package io.pare.stage.network;

import io.pare.model.inference.InferenceSessions;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A network that executors run: shipped once to each, opened once in each JVM.
 *
 * @param sha256 of the bytes
 * @param bytes the ONNX file
 * @param execution how it is run
 */
public record NetworkOnExecutors(String sha256, Broadcast<byte[]> bytes, Execution execution)
    implements Serializable {

  /** Ships a network. */
  public static NetworkOnExecutors ship(JavaSparkContext spark, byte[] model, Execution execution) {
    return new NetworkOnExecutors(
        InferenceSessions.sha256(model), spark.broadcast(model), execution);
  }

  /** Leases this JVM's session. */
  public InferenceSessions.Lease lease() {
    return InferenceSessions.lease(sha256, bytes::value, execution.threads());
  }

  /** Frees the network on the executors; sessions stay until they are the least recently used. */
  public void release() {
    bytes.destroy();
  }
}
