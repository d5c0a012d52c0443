package io.pare.run;

import io.pare.testing.BenchFigures;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How a job would run on more cores than there are: the processor time of every task is taken in
 * one run on one core, and its stages are scheduled anew, one after the other, each task on the
 * core that is free first. What is not simulated: waiting for data, stragglers, tasks that help
 * each other.
 */
class ScheduleBench {
  private static final int[] CORES = {1, 4, 64, 1000};
  private static final double NANOSECONDS = 1e9;

  @Test
  void squeezeNet(@TempDir Path folder) throws Exception {
    Path file = SharedMaterial.require("models/squeezenet1.1.onnx");
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("squeezenet", Files.readAllBytes(file), "params=1.5");
    keys.put("images", SharedMaterial.require("data/imagenet-sample/train").toString());
    keys.put("preprocessing", "torchvision");
    keys.put("calibration-images", "100");
    keys.put("samples-per-column", "8");
    keys.put("sensitivity-images", "64");
    TaskTimes times = new TaskTimes();
    SparkConf conf = SparkTest.conf("local[1]", "schedule").set("spark.default.parallelism", "64");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.setLogLevel("WARN");
      spark.sc().addSparkListener(times);
      GoalJobs.compress(spark, keys);
    }
    times.add("SqueezeNet, %s images".formatted(keys.get("calibration-images")));
  }

  /** The processor time of every task, by job and stage. */
  private static final class TaskTimes extends SparkListener {
    private final Map<Integer, String> steps = new TreeMap<>();
    private final Map<Integer, Integer> jobOfStage = new TreeMap<>();
    private final Map<Integer, List<Double>> secondsOfStage = new TreeMap<>();
    private long started;
    private long first = Long.MAX_VALUE;
    private long last;
    private long inJobs;

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
      String description = job.properties().getProperty("spark.job.description", "other");
      steps.put(job.jobId(), description.substring(0, (description + " ").indexOf(' ')));
      CollectionConverters.asJava(job.stageInfos())
          .forEach(stage -> jobOfStage.putIfAbsent(stage.stageId(), job.jobId()));
      started = job.time();
      first = Math.min(first, started);
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd job) {
      last = job.time();
      inJobs += last - started;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
      double seconds =
          (task.taskMetrics().executorCpuTime() + task.taskMetrics().executorDeserializeCpuTime())
              / NANOSECONDS;
      secondsOfStage.computeIfAbsent(task.stageId(), stage -> new ArrayList<>()).add(seconds);
    }

    synchronized void add(String setting) throws Exception {
      Map<String, Map<String, Double>> parts = new LinkedHashMap<>();
      double[] sums = new double[CORES.length];
      for (int k = 0; k < CORES.length; k++) {
        for (Map.Entry<Integer, List<Double>> stage : secondsOfStage.entrySet()) {
          double seconds = scheduled(stage.getValue(), CORES[k]);
          sums[k] += seconds;
          parts
              .computeIfAbsent(CORES[k] + " cores", cores -> new TreeMap<>())
              .merge(steps.get(jobOfStage.get(stage.getKey())) + " s", seconds, Double::sum);
        }
      }
      double path =
          secondsOfStage.values().stream()
              .mapToDouble(stage -> stage.stream().mapToDouble(x -> x).max().orElse(0))
              .sum();
      for (int k = 0; k < CORES.length; k++) {
        Map<String, Double> told = parts.get(CORES[k] + " cores");
        told.put("all s", sums[k]);
        told.put("longest tasks of all stages s", path);
        told.put("driver between jobs s", (last - first - inJobs) / 1000.0);
        told.put("stages", (double) secondsOfStage.size());
        BenchFigures.add(
            "schedule",
            setting + ", one core / %d cores".formatted(CORES[k]),
            sums[0] / sums[k],
            told);
      }
      System.out.println(
          secondsOfStage.entrySet().stream()
              .map(
                  stage ->
                      "%s %d tasks, longest %.2f s, all %.2f s"
                          .formatted(
                              steps.get(jobOfStage.get(stage.getKey())),
                              stage.getValue().size(),
                              stage.getValue().stream().mapToDouble(x -> x).max().orElse(0),
                              stage.getValue().stream().mapToDouble(x -> x).sum()))
              .collect(Collectors.joining("\n")));
    }

    /**
     * Seconds until the last task has ended, each started in turn on the core that is free first.
     */
    private static double scheduled(List<Double> tasks, int cores) {
      PriorityQueue<Double> free = new PriorityQueue<>();
      for (int k = 0; k < Math.min(cores, tasks.size()); k++) {
        free.add(0.0);
      }
      double end = 0;
      for (double task : tasks) {
        double finished = free.remove() + task;
        free.add(finished);
        end = Math.max(end, finished);
      }
      return end;
    }
  }
}
