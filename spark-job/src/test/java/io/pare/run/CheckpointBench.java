package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.BenchFigures;
import io.pare.testing.HdfsTest;
import io.pare.testing.Moments;
import io.pare.testing.Sample;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What checkpoints and the lock cost a job. The time that the job's own thread spends on them or
 * waits for them, the hashes of all pixels included, is added to the job; what other threads do
 * meanwhile, beside the tasks, is told as a bound. Both as shares of the moments of one run, which
 * another load on the machine does not shift as it shifts seconds. The sample network's job is
 * small: the parts that are kept are nearly as many as in a large one, and the work between them is
 * less.
 */
class CheckpointBench {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final String[] AT_WORK = {
    "io.pare.io.checkpoint.",
    "io.pare.io.publish.RunLock.",
    "io.pare.io.publish.Heartbeat.beat",
    "io.pare.stage.spark.FinishedPartitions.await",
    "io.pare.stage.images.PreparedImages.fingerprint"
  };

  @Test
  void ofTheSampleNetwork() throws Exception {
    Map<String, String> keys = Sample.compression(HDFS.path("/sample"));
    measure("the sample network", keys);
  }

  @Test
  void ofSqueezeNet() throws Exception {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("model", SharedMaterial.require("models/squeezenet1.1.onnx").toString());
    keys.put("images", SharedMaterial.require("data/imagenet-sample/train").toString());
    keys.put("output", HDFS.path("/squeezenet"));
    keys.put("target", "params=1.5");
    keys.put("forms", "low-rank-channel,low-rank-spatial,kept-inputs");
    keys.put("samples-per-column", "5");
    keys.put("sensitivity-images", "64");
    measure("SqueezeNet 1.1", keys);
  }

  private static void measure(String network, Map<String, String> keys) throws Exception {
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", network))) {
      spark.setLogLevel("WARN");
      Moments moments = new Moments(Thread.currentThread(), AT_WORK);
      GoalJobs.compress(spark, keys);
      moments.end();
      assertThat(moments.waited()).isPositive();
      record(network + ", moments of any thread at work on them", moments.atWork(), moments);
      record(network + ", moments of the job spent on them", moments.waited(), moments);
    }
  }

  private static void record(String figure, long some, Moments moments) throws Exception {
    double share = (double) some / moments.all();
    BenchFigures.add(
        "checkpoints and lock",
        figure + " / all",
        share,
        Map.of("some", (double) some, "all", (double) moments.all()));
  }
}
