package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.candidate.TrialErrors;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.stage.spark.Checkpoints;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;

/** Fits that trials ask for are those that the candidates were judged with, to the bit. */
class TriedFitsIT {
  private static final EnumSet<Family> FAMILIES =
      EnumSet.of(Family.LOW_RANK_SPATIAL, Family.KEPT_INPUTS, Family.CHANNEL_KEPT_INPUTS);

  private final SampledNetwork sampled = new SampledNetwork();

  @Test
  void whatWasSolvedIsFetchedAndWhatWasNotIsFittedWithTheSameBits() {
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "tried fits"))) {
      Descriptions jobs = new Descriptions(spark);
      List<GroupCandidate> candidates = with(spark, TriedFitsIT::candidates);
      Map<LayerGroup, List<Structure.Sum>> wanted = nearest(candidates);

      jobs.forget();
      Map<LayerGroup, List<Approximation>> fitted =
          with(spark, statistics -> statistics.sketches(wanted, Fitting.LINEAR));
      assertThat(jobs.all()).anyMatch(job -> job.startsWith("fit chosen"));

      Map<LayerGroup, List<Approximation>> fetched =
          with(
              spark,
              statistics -> {
                candidates(statistics);
                jobs.forget();
                return statistics.sketches(wanted, Fitting.LINEAR);
              });
      assertThat(jobs.all()).noneMatch(job -> job.startsWith("fit chosen"));
      assertThat(fetched).usingRecursiveComparison().isEqualTo(fitted);
    }
  }

  private <T> T with(JavaSparkContext spark, Function<SolveLayersStage.Statistics, T> work) {
    LayerSamples samples =
        new SampleLayersStage(spark, sampled.settings)
            .run(sampled.network, sampled.images(spark, 2), sampled.groups);
    try (SolveLayersStage.Statistics statistics =
        new SolveLayersStage(spark, 1, 0.2).gather(samples, sampled.groups)) {
      return work.apply(statistics);
    } finally {
      samples.release();
    }
  }

  private static List<GroupCandidate> candidates(SolveLayersStage.Statistics statistics) {
    return statistics.candidates(statistics.paths(FAMILIES, Fitting.LINEAR, Checkpoints.none()));
  }

  /** For each group what is tried, whatever its family. */
  private static Map<LayerGroup, List<Structure.Sum>> nearest(List<GroupCandidate> candidates) {
    Map<LayerGroup, List<Structure.Sum>> wanted = new TreeMap<>();
    candidates.stream()
        .collect(Collectors.groupingBy(GroupCandidate::group))
        .forEach(
            (group, its) ->
                wanted.put(
                    group,
                    TrialErrors.nearest(its, GroupCandidate::error).stream()
                        .map(candidate -> (Structure.Sum) candidate.structure())
                        .toList()));
    return wanted;
  }

  private static final class Descriptions extends SparkListener {
    private final JavaSparkContext spark;
    private final List<String> jobs = new ArrayList<>();

    Descriptions(JavaSparkContext spark) {
      this.spark = spark;
      spark.sc().addSparkListener(this);
    }

    /** Of the jobs since the last call to {@link #forget}. */
    List<String> all() {
      told();
      synchronized (jobs) {
        return List.copyOf(jobs);
      }
    }

    void forget() {
      told();
      synchronized (jobs) {
        jobs.clear();
      }
    }

    private void told() {
      try {
        spark.sc().listenerBus().waitUntilEmpty();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      synchronized (jobs) {
        jobs.add(String.valueOf(job.properties().getProperty("spark.job.description")));
      }
    }
  }
}
