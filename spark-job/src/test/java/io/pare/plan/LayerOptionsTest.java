package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import io.pare.model.Layer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerOptionsTest {
  private static final Layer WIDE = PlannedNetwork.chain().layer("wide");
  private static final LayerGroup GROUP = new LayerGroup(WIDE.index(), 0);

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void ranksInMultiplesCostNoMoreThanTheLayerAndErrNoMoreThanTheirStep(Form form) {
    LayerOptions every = options(candidates(form));

    List<LayerCandidate> multiples = every.inMultiplesOf(4).all();

    assertThat(multiples).first().matches(LayerCandidate::isKeep);
    assertThat(multiples).hasSizeGreaterThan(1);
    for (LayerCandidate candidate : multiples.subList(1, multiples.size())) {
      LowRank ranks = ((Structure.Sum) candidate.structures().get(0)).lowRank();
      int step = ranks.ranks()[ranks.ranks().length - 1];
      LowRank narrow = form.at(WIDE.shape(), step);
      assertThat(step % 4).isZero();
      assertThat(candidate.cost().weights()).isLessThan(WIDE.cost().weights());
      assertThat(every.all())
          .anySatisfy(
              its -> {
                assertThat(its.structures().get(0)).isEqualTo(Structure.of(narrow));
                assertThat(its.error()).isEqualTo(candidate.error());
              });
      for (int k = 0; k < ranks.ranks().length; k++) {
        assertThat(ranks.ranks()[k]).isBetween(narrow.ranks()[k], narrow.ranks()[k] + 3);
      }
    }
  }

  @Test
  void channelsBetweenFactorsAreNoMoreThanTheLayerHasUseFor() {
    LowRank inner = new LowRank(Form.TUCKER, WIDE.shape().inputChannels() - 1, 8);

    assertThat(inner.widened(100, WIDE.shape()).ranks())
        .containsExactly(WIDE.shape().inputChannels(), 8);
  }

  @Test
  void whatIsNotOnAPathStaysAsItIsAndIsTimed() {
    GroupCandidate channels =
        new GroupCandidate(
            GROUP,
            Family.KEPT_INPUTS,
            0,
            Structure.of(new Support(Support.Kind.INPUTS, new int[] {1, 2, 5})),
            0.1,
            Optional.empty());

    LayerOptions options =
        options(Stream.concat(candidates(Form.CHANNEL), Stream.of(channels))).inMultiplesOf(8);

    assertThat(options.all()).anyMatch(its -> its.label().equals(channels.structure().label()));
    assertThat(options.timed()).containsAll(options.all()).hasSameSizeAs(options.all());
  }

  private static LayerOptions options(Stream<GroupCandidate> candidates) {
    return LayerOptions.of(List.of(WIDE), candidates.toList()).get(0);
  }

  private static Stream<GroupCandidate> candidates(Form form) {
    Family family =
        Stream.of(Family.values())
            .filter(its -> its.form().equals(Optional.of(form)))
            .findFirst()
            .orElseThrow();
    int largest = form.largestStep(WIDE.shape());
    return IntStream.of(1, largest)
        .mapToObj(
            step ->
                new GroupCandidate(
                    GROUP,
                    family,
                    step,
                    Structure.of(form.at(WIDE.shape(), step)),
                    1.0 / step,
                    Optional.empty()));
  }
}
