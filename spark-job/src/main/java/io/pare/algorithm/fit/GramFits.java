package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.OutputError;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedMoments;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Fits one layer group in the metric of its Gram matrix. Samples are walked in one pass at a time
 * and never held together. Not thread-safe.
 */
public final class GramFits implements LayerFits {
  private final LayerProblem problem;
  private final Regression regression;
  private final Supplier<Iterator<PairedBlock>> blocks;

  /**
   * Prepares the fits of a layer from its moments.
   *
   * @param blocks gives a walk over the samples to those fits that are judged or refitted
   */
  public GramFits(LayerProblem problem, Moments moments, Supplier<Iterator<PairedBlock>> blocks) {
    this(
        problem,
        Regression.of(problem.shape(), problem.matrix(), moments, problem.ridge()),
        blocks);
  }

  /**
   * The same from moments whose problem is solved.
   *
   * @param solved with the ridge of the problem
   */
  public GramFits(
      LayerProblem problem, SolvedMoments solved, Supplier<Iterator<PairedBlock>> blocks) {
    this(
        problem, Regression.of(problem.shape(), problem.matrix(), solved, problem.ridge()), blocks);
  }

  private GramFits(
      LayerProblem problem, Regression regression, Supplier<Iterator<PairedBlock>> blocks) {
    this.problem = problem;
    this.regression = regression;
    this.blocks = () -> PairedBlock.chunks(blocks.get());
  }

  /** Prepares fits that know of no data: those of W itself. */
  public static GramFits ofWeights(LayerProblem problem, Supplier<Iterator<PairedBlock>> blocks) {
    return new GramFits(
        problem, Regression.ofWeights(problem.shape(), problem.matrix(), problem.bias()), blocks);
  }

  /** The moments of a layer's fit samples, in the order of the blocks. */
  public static Moments moments(LayerProblem problem, Iterator<PairedBlock> blocks) {
    Moments.Accumulator accumulator =
        new Moments.Accumulator(problem.shape().columns(), problem.shape().outputs());
    while (blocks.hasNext()) {
      PairedBlock block = blocks.next();
      accumulator.add(block.inputs().fit(), block.forLayer(block.outputs().fit()));
    }
    return accumulator.moments();
  }

  @Override
  public List<Judged> path(Form form, int[] steps) {
    List<Structure.Sum> structures = new ArrayList<>();
    List<Approximation> approximations = new ArrayList<>();
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      for (int step : steps) {
        LowRank ranks = form.at(problem.shape(), step);
        structures.add(Structure.of(ranks));
        approximations.add(regression.completed(List.of(fits.sketch(ranks))));
      }
    }
    return judged(structures, approximations);
  }

  @Override
  public List<Judged> judged(List<Structure.Sum> structures) {
    return judged(structures, sketches(structures));
  }

  private List<Judged> judged(List<Structure.Sum> structures, List<Approximation> approximations) {
    double[] errors = errors(approximations);
    List<Judged> judged = new ArrayList<>();
    for (int k = 0; k < errors.length; k++) {
      Candidate candidate = new Candidate(structures.get(k), errors[k]);
      judged.add(new Judged(candidate, Optional.of(approximations.get(k))));
    }
    return judged;
  }

  @Override
  public Optional<Regression> regression() {
    return Optional.of(regression);
  }

  @Override
  public List<Approximation> fits(List<Structure.Sum> structures) {
    return structures.stream().map(this::fit).toList();
  }

  /** The linear fit in a given structure, with its best bias. */
  public Approximation fit(Structure.Sum structure) {
    try (StructureFit.Forms forms = new StructureFit.Forms()) {
      return regression.completed(new StructureFit(structure, regression, forms).fit());
    }
  }

  @Override
  public List<Approximation> sketches(List<Structure.Sum> structures) {
    Approximation[] sketches = new Approximation[structures.size()];
    Map<Form, List<Integer>> byForm = new EnumMap<>(Form.class);
    for (int k = 0; k < sketches.length; k++) {
      Form form = structures.get(k).lowRank().form();
      byForm.computeIfAbsent(form, its -> new ArrayList<>()).add(k);
    }
    // One form at a time: what each prepares holds G once more.
    byForm.forEach(
        (form, places) -> {
          try (StructureFit.Forms forms = new StructureFit.Forms()) {
            for (int place : places) {
              StructureFit fit = new StructureFit(structures.get(place), regression, forms);
              sketches[place] = regression.completed(fit.sketch());
            }
          }
        });
    return List.of(sketches);
  }

  @Override
  public Refit refit(Structure.Sum structure, Fitting fitting) {
    Rivals rivals = rivals(structure, fitting);
    double error = errors(List.of(rivals.projection()))[0];
    return rivals.refit().error() < error
        ? new Refit(rivals.refit().approximation(), rivals.refit().error(), true)
        : new Refit(rivals.projection(), error, false);
  }

  /**
   * A fit, and what it has to beat.
   *
   * @param projection of the original weights, whatever the targets are: as close in the same
   *     structure as the metric of the inputs allows, one alternation from where the linear fit has
   *     come to
   */
  public record Rivals(ActivationRounds.Result refit, Approximation projection) {}

  /** The fit in a given structure and the projection, which share what the inputs decide. */
  public Rivals rivals(Structure.Sum structure, Fitting fitting) {
    Regression original = regression.projecting(problem.bias());
    try (StructureFit.Forms forms = new StructureFit.Forms()) {
      StructureFit fit = new StructureFit(structure, regression, forms);
      GramIterate linear = new GramIterate(problem, fit, regression, blocks);
      List<Component> projected = fit.retargeted(original).improve(linear.components());
      return new Rivals(
          ActivationRounds.run(linear, problem, fitting), original.completed(projected));
    }
  }

  /** The relative post-activation errors of approximations on the held-out samples. */
  public double[] errors(List<Approximation> approximations) {
    List<FactoredOutputs> outputs = new ArrayList<>();
    List<OutputError> sums = new ArrayList<>();
    for (Approximation approximation : approximations) {
      outputs.add(FactoredOutputs.of(problem.shape(), approximation));
      sums.add(new OutputError(problem.activation()));
    }
    Iterator<PairedBlock> walk = blocks.get();
    while (walk.hasNext()) {
      PairedBlock block = walk.next();
      TapSamples inputs = new TapSamples(block.inputs().heldOut());
      Samples wanted = block.outputs().heldOut().behind(problem.activation());
      for (int k = 0; k < sums.size(); k++) {
        sums.get(k).addBehind(wanted, block.heldOutWith(outputs.get(k).of(inputs)));
      }
    }
    return sums.stream().mapToDouble(OutputError::relative).toArray();
  }
}
