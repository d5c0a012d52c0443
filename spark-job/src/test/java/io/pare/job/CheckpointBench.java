package io.pare.job;

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
 * What checkpoints and the lock cost a job at most: the share of the moments of a run in which any
 * thread is at work on them or waits for their files. Most of them are kept beside the tasks, so
 * what they add to the time of the job is less; only a bound that is small says something.
 */
class CheckpointBench {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final String[] AT_WORK = {"io.pare.io.checkpoint.", "io.pare.io.publish.RunLock"};

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
    keys.put("target", "params=1.3");
    keys.put("forms", "channel,channels");
    keys.put("calibration-images", "48");
    keys.put("samples-per-column", "2");
    keys.put("sensitivity-images", "16");
    measure("SqueezeNet 1.1", keys);
  }

  private static void measure(String network, Map<String, String> keys) throws Exception {
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", network))) {
      spark.setLogLevel("WARN");
      Moments moments = new Moments(AT_WORK);
      GoalJobs.compress(spark, keys);
      moments.end();
      double share = (double) moments.atWork() / moments.all();
      BenchFigures.add(
          "checkpoints and lock",
          network + ", moments at work on them / moments of the job",
          share,
          Map.of("at work", (double) moments.atWork(), "all", (double) moments.all()));
      assertThat(moments.atWork()).isPositive();
    }
  }
}
