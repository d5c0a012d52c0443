package io.pare.run.pipeline;

import io.pare.InputException;
import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.config.PlanningConfig;
import io.pare.plan.AccuracyLimit;
import io.pare.plan.Goal;
import io.pare.plan.Target;
import io.pare.report.CheckRound;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the smallest network that keeps limits of accuracy (algorithm.md section 5, check): writes
 * a network, measures it, and plans the next one with what was learned, until the rounds are used
 * up.
 *
 * <p>The loss that a plan expects is only as good as its assumption that losses add up; so the
 * measured one decides, and the next plan is made for the factor between the largest that held and
 * the smallest that did not, where the line through both would meet the limit.
 */
public final class LimitSearch {
  private static final Logger LOG = LoggerFactory.getLogger(LimitSearch.class);
  private static final double FIRST_FACTOR = 2;
  private static final double STEP = 1.5;
  private static final double CLOSE = 1.03;
  private static final double TINY = 1e-9;

  /** Points of images on which the first class is not the original's. */
  private static final String DISAGREEMENT = "disagreement";

  private final Compressor compressor;
  private final Measurement measurement;
  private final Goal goal;
  private final int most;
  private final List<CheckRound> rounds = new ArrayList<>();
  private String beyondReach = "";

  public LimitSearch(Compressor compressor, Measurement measurement, PlanningConfig planning) {
    this.compressor = compressor;
    this.measurement = measurement;
    goal = planning.goal();
    most = planning.rounds();
  }

  /** What was tried, in order. */
  public List<CheckRound> rounds() {
    return List.copyOf(rounds);
  }

  /**
   * The network that reaches the goal: where there are limits, the smallest that keeps all of them.
   *
   * @throws InputException (exit code 4) when none did
   */
  public Compressed search(Mode mode) {
    boolean sized = !goal.targets().isEmpty();
    Bracket bracket = new Bracket(sized ? 0 : 1);
    Optional<Compressed> best = Optional.empty();
    double scale = sized ? 1 : FIRST_FACTOR;
    for (int round = 1; round <= most; round++) {
      Optional<Compressed> made = compressed(mode, scale);
      int number = round;
      double excess = made.map(network -> excess(number, network)).orElse(2.0);
      if (excess <= 1) {
        best = made;
        bracket.held(scale, excess);
      } else {
        bracket.missed(scale, excess);
      }
      if ((sized && scale == 1 && excess <= 1) || bracket.isClose()) {
        break;
      }
      scale = bracket.next();
    }
    return best.orElseThrow(this::missed);
  }

  /** Empty where a factor that only the search chose is beyond reach. */
  private Optional<Compressed> compressed(Mode mode, double scale) {
    try {
      return Optional.of(compressor.compress(mode, scaled(scale)));
    } catch (InputException e) {
      if (goal.targets().isEmpty() && e.kind() == InputException.Kind.USAGE) {
        LOG.info("{}", e.getMessage());
        beyondReach = e.getMessage();
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The targets, milder by a share of their reduction; weights alone where there are none. */
  private List<Target> scaled(double scale) {
    if (goal.targets().isEmpty()) {
      return List.of(new Target(Target.Metric.PARAMS, scale));
    }
    return goal.targets().stream()
        .map(target -> new Target(target.metric(), Math.max(1, Math.pow(target.factor(), scale))))
        .toList();
  }

  /** The largest ratio of what was measured to its limit. */
  private double excess(int round, Compressed made) {
    double worst = 0;
    for (AccuracyLimit limit : goal.limits()) {
      List<CheckRound> checks =
          switch (limit.kind()) {
            case MAX_TOP1_DROP -> top1(round, made, limit);
            case MAX_KL -> List.of(check(round, made, limit, Evaluation::divergence));
            case MAX_OUTPUT_ERROR -> List.of(check(round, made, limit, Evaluation::outputError));
          };
      for (CheckRound check : checks) {
        LOG.info(
            "{} gives {} = {}, the limit is {}",
            check.target(),
            check.measure(),
            String.format(Locale.ROOT, "%.4f", check.measured()),
            check.limit());
        worst = Math.max(worst, check.measured() / Math.max(TINY, check.limit()));
      }
      rounds.addAll(checks);
    }
    return worst;
  }

  /**
   * A limit of one kind of output; the plan expects something of it where there is one output, for
   * what it expects is the sum over all.
   */
  private CheckRound check(
      int round,
      Compressed made,
      AccuracyLimit limit,
      Function<Evaluation, OptionalDouble> figure) {
    Evaluation after = measurement.heldOut(made.model()).get(1);
    return new CheckRound(
        round,
        made.targetText(),
        limit.kind().label(),
        limit.limit(),
        after.outputs().size() == 1 ? Optional.of(made.plan().loss()) : Optional.empty(),
        figure.apply(after).orElseThrow());
  }

  /** The loss of top-1, and what it asks of the agreement. */
  private List<CheckRound> top1(int round, Compressed made, AccuracyLimit limit) {
    List<Evaluation> evaluations = measurement.labelled(made.model());
    Evaluation before = evaluations.get(0);
    Evaluation after = evaluations.get(1);
    double labelled = before.labelled();
    return List.of(
        new CheckRound(
            round,
            made.targetText(),
            limit.kind().label(),
            limit.limit(),
            Optional.empty(),
            100 * (before.top1() - after.top1()) / labelled),
        new CheckRound(
            round,
            made.targetText(),
            DISAGREEMENT,
            limit.mostDisagreement(before.top1() / labelled),
            Optional.empty(),
            100 * (1 - after.classifier().orElseThrow().agreement().orElseThrow())));
  }

  private InputException missed() {
    Goal limits = new Goal(List.of(), goal.limits());
    List<CheckRound> missed = rounds.stream().filter(round -> !round.passed()).toList();
    if (missed.isEmpty()) {
      return InputException.quality(
          "no network was written that could keep %s: %s; allow more rounds"
              .formatted(limits, beyondReach));
    }
    CheckRound last = missed.get(missed.size() - 1);
    return InputException.quality(
        "no network of %d that were written keeps %s: the mildest, %s, gives %s = %.4f; allow more, or more rounds"
            .formatted(
                rounds.stream().mapToInt(CheckRound::round).distinct().count(),
                limits,
                last.target(),
                last.measure(),
                last.measured()));
  }

  /** Scales that held and that did not, with what was measured relative to the limit. */
  private static final class Bracket {
    private final double least;
    private double low;
    private double lowExcess = 0;
    private double high = Double.POSITIVE_INFINITY;
    private double highExcess = Double.POSITIVE_INFINITY;

    /** Nothing known but a scale at which nothing changes. */
    Bracket(double least) {
      this.least = least;
      low = least;
    }

    void held(double scale, double excess) {
      low = scale;
      lowExcess = excess;
    }

    void missed(double scale, double excess) {
      high = scale;
      highExcess = excess;
    }

    boolean isClose() {
      return low > least && high / low < CLOSE;
    }

    double next() {
      if (Double.isInfinite(high)) {
        return STEP * low;
      }
      double share = (1 - lowExcess) / Math.max(TINY, highExcess - lowExcess);
      return low + Math.min(0.8, Math.max(0.2, share)) * (high - low);
    }
  }
}
