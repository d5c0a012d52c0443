package io.pare.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.testing.SparkTest;
import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PareRegistratorIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  @Test
  void aClassThatIsNotRegisteredFailsInsteadOfTravellingByName() {
    assertThatThrownBy(
            () ->
                SPARK
                    .context()
                    .parallelize(List.of(1, 2), 2)
                    .map(number -> Duration.ofDays(number))
                    .collect())
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("Class is not registered: java.time.Duration");
  }

  @Test
  void primitivesAndTheirArraysTravel() {
    List<double[]> rows =
        SPARK
            .context()
            .parallelize(List.of(1, 2), 2)
            .map(number -> new double[] {number, number / 2.0})
            .collect();

    assertThat(rows).containsExactly(new double[] {1, 0.5}, new double[] {2, 1});
  }
}
