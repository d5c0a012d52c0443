package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.HdfsTest;
import io.pare.testing.SeenTasks;
import io.pare.testing.TwoHosts;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task that hangs, and its speculative copy on another host. */
class SpeculationFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final ClusterJobs JOBS = new ClusterJobs(HDFS);

  @Test
  void aSpeculativeCopyChangesNoByte() throws Exception {
    SeenTasks seen = new SeenTasks();
    try (TwoHosts hosts = new TwoHosts("speculation")) {
      SparkConf conf =
          hosts
              .conf()
              .set("spark.speculation", "true")
              .set("spark.speculation.interval", "100ms")
              .set("spark.speculation.quantile", "0.5");
      try (JavaSparkContext spark = new JavaSparkContext(conf)) {
        spark.setLogLevel("WARN");
        spark.sc().addSparkListener(seen);
        JOBS.compress(spark, "/copied", Fault.HANG, 1);
        spark.sc().listenerBus().waitUntilEmpty();
        JOBS.compress(spark, "/undisturbed", Fault.NONE, 0);
      }
    }

    assertThat(seen.speculative()).isNotEmpty();
    assertThat(seen.failures()).anyMatch(reason -> reason instanceof TaskKilled);
    assertThat(JOBS.model("/copied")).isEqualTo(JOBS.model("/undisturbed")).isNotEmpty();
    FaultMatrix.held(
        "speculative duplicate",
        "the first task that reads images hangs; a Master and Workers on 127.0.0.2 and 127.0.0.3",
        "speculative " + seen.speculative().get(0) + ", the original killed",
        "same bytes as an undisturbed run");
  }
}
