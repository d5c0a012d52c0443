package io.pare.algorithm.candidate;

import io.pare.algorithm.admm.AdmmPath;
import io.pare.algorithm.admm.AdmmSettings;
import io.pare.algorithm.admm.ExtendedAdmm;
import io.pare.algorithm.admm.Matricisation;
import io.pare.algorithm.fit.GreedySupport;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A family of structures that a layer may take: a low-rank form alone, a structured sparse
 * component alone, or their sum (algorithm.md sections 1 and 5).
 */
public enum Family {
  /** Low rank in the channel form. */
  LOW_RANK_CHANNEL(Form.CHANNEL),
  /** Low rank in the spatial form. */
  LOW_RANK_SPATIAL(Form.SPATIAL),
  /** Low rank in the Tucker-2 form. */
  TUCKER(Form.TUCKER),
  /** The three-factor chain, spatial then channel. */
  CHAIN(Form.CHAIN),

  /** Input channels alone, in the order of greedy backward elimination. */
  KEPT_INPUTS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return shape.inputChannels() > 1 && shape.columns() <= GREEDY_COLUMNS;
    }

    @Override
    public List<Proposal> proposals(Regression regression) {
      GreedySupport greedy = GreedySupport.of(regression);
      int channels = regression.shape().inputChannels();
      List<Proposal> proposals = new ArrayList<>();
      for (double share : regression.shape().hasCoarsePath() ? COARSE_SHARES : SHARES) {
        Support support = greedy.support(Math.max(1, (int) Math.floor(share * channels)));
        proposals.add(Proposal.of(Structure.of(support)));
      }
      return proposals.stream().distinct().toList();
    }
  },

  /** The spatial form and a few input channels beside it. */
  SPATIAL_KEPT_INPUTS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return groups == 1
          && LOW_RANK_SPATIAL.applies(shape, groups)
          && shape.inputChannels() > 1
          && shape.columns() <= GREEDY_COLUMNS;
    }

    @Override
    public List<Proposal> proposals(Regression regression) {
      return SpatialSums.proposals(regression, regression.shape().hasCoarsePath());
    }
  },

  /** Input channels and the channel form, as the extended ADMM finds them together. */
  ADMM_KEPT_INPUTS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return admmApplies(shape, groups) && shape.inputChannels() > 1;
    }

    @Override
    public List<Proposal> proposals(Regression regression) {
      AdmmPath path = path(regression, Support.Kind.INPUTS);
      List<AdmmPath.Point> points = new ArrayList<>(path.sparse());
      points.addAll(path.mixed(RAYS));
      return chosen(points, regression.shape());
    }
  },

  /** Filters and the channel form, as the extended ADMM finds them together. */
  ADMM_KEPT_FILTERS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return admmApplies(shape, groups) && shape.outputs() > 1;
    }

    @Override
    public List<Proposal> proposals(Regression regression) {
      return chosen(path(regression, Support.Kind.FILTERS).mixed(RAYS), regression.shape());
    }
  };

  // Beyond these the search takes longer than what it was seen to win: units are dear there.
  private static final int GREEDY_COLUMNS = 4608;
  private static final int ADMM_COLUMNS = 1024;
  private static final int RAYS = 2;
  private static final AdmmPath.Grid GRID = new AdmmPath.Grid(16, 3e-3);
  // An iteration decomposes M: with a thousand inputs and outputs that takes seconds.
  private static final long LARGE = 1L << 19;
  private static final AdmmPath.Grid GRID_OF_LARGE = new AdmmPath.Grid(5, 3e-3);
  // Fits of wide layers take long: fewer of them tell as much.
  private static final double[] COARSE_SHARES = {0.9, 0.78, 0.66, 0.5, 0.36, 0.25, 0.15};
  private static final double[] SHARES = {
    0.95, 0.9, 0.84, 0.78, 0.72, 0.66, 0.6, 0.54, 0.48, 0.42, 0.36, 0.3, 0.25, 0.2, 0.15, 0.1
  };

  /** Names that differed by a letter, or said nothing of what they keep. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "channel", "low-rank-channel",
          "spatial", "low-rank-spatial",
          "channels", "kept-inputs",
          "spatial-channels", "spatial-kept-inputs",
          "admm-channels", "admm-kept-inputs",
          "admm-filters", "admm-kept-filters");

  private final Optional<Form> form;

  Family() {
    form = Optional.empty();
  }

  Family(Form form) {
    this.form = Optional.of(form);
  }

  /**
   * The family of a name that an option gives.
   *
   * @throws IllegalArgumentException with the new name for one that is no longer used, else with
   *     all names
   */
  public static Family ofOption(String name) {
    if (RENAMED.containsKey(name)) {
      throw new IllegalArgumentException(name + " is now called " + RENAMED.get(name));
    }
    return Arrays.stream(values())
        .filter(family -> family.option().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + options()));
  }

  /** The names of all families as options have them. */
  public static String options() {
    return Arrays.stream(values()).map(Family::option).collect(Collectors.joining(", "));
  }

  /** As options and tables name it. */
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The low-rank form whose ranks make up the family, where there is one. */
  public Optional<Form> form() {
    return form;
  }

  /**
   * Whether a layer of that shape can take structures of this family to any use.
   *
   * @param groups of the convolution; the sums are found for each group alone, so they are left out
   *     where the groups would have to agree
   */
  public boolean applies(LayerShape shape, int groups) {
    return form.orElseThrow().applies(shape);
  }

  /** The structures to judge, which cost less than the layer; for a form, those of its steps. */
  public List<Proposal> proposals(Regression regression) {
    LayerShape shape = regression.shape();
    List<Proposal> proposals = new ArrayList<>();
    for (int step : form.orElseThrow().steps(shape)) {
      proposals.add(Proposal.of(Structure.of(form.get().at(shape, step))));
    }
    return proposals;
  }

  private static boolean admmApplies(LayerShape shape, int groups) {
    return groups == 1
        && shape.kernelHeight() * shape.kernelWidth() == 1
        && shape.columns() <= ADMM_COLUMNS;
  }

  private static AdmmPath path(Regression regression, Support.Kind groups) {
    ExtendedAdmm admm =
        new ExtendedAdmm(regression, groups, Matricisation.CHANNEL, AdmmSettings.STANDARD);
    return new AdmmPath(admm, regression.shape().weights() > LARGE ? GRID_OF_LARGE : GRID);
  }

  private static List<Proposal> chosen(List<AdmmPath.Point> points, LayerShape shape) {
    Map<Structure, Proposal> proposals = new LinkedHashMap<>();
    for (AdmmPath.Point point : points) {
      point
          .structure()
          .filter(s -> s.cost(shape, Geometry.UNKNOWN).weights() < shape.weights())
          .ifPresent(
              structure ->
                  proposals.putIfAbsent(
                      structure,
                      new Proposal((Structure.Sum) structure, Optional.of(point.trace()))));
    }
    return List.copyOf(proposals.values());
  }
}
