package io.pare.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * A standalone master, and a worker of one core on each of two addresses of this machine, in this
 * JVM. Spark runs a speculative copy on another host only, and all of a local-cluster is one.
 */
public final class TwoHosts implements AutoCloseable {
  private static final int MEGABYTES = 1024;

  private final List<RpcEnv> daemons = new ArrayList<>();
  private final SparkConf conf;

  /** Starts all three. */
  public TwoHosts(String name) throws IOException {
    conf = ClusterTest.onTestClassPath("spark://unknown", name);
    conf.set("spark.executor.memory", MEGABYTES + "m");
    scala.Tuple3<RpcEnv, Object, Option<Object>> master =
        Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf);
    daemons.add(master._1());
    conf.setMaster("spark://127.0.0.1:" + master._1().address().port());
    for (int k = 2; k <= 3; k++) {
      daemons.add(
          Worker.startRpcEnvAndEndpoint(
              "127.0.0." + k,
              0,
              0,
              1,
              MEGABYTES,
              new String[] {conf.get("spark.master")},
              Path.of("target", "spark-work").toAbsolutePath().toString(),
              Option.apply(k),
              conf,
              Option.empty()));
    }
  }

  /** Settings of a context with an executor on each host. */
  public SparkConf conf() {
    return conf.clone();
  }

  @Override
  public void close() {
    daemons.forEach(RpcEnv::shutdown);
    daemons.forEach(RpcEnv::awaitTermination);
  }
}
